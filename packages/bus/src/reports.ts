import { asSlipwayError, type BackoffPolicy, backoffDelayMs } from "@slipway/kernel";
import type { BusLogger } from "./bus-logger.ts";
import { partsOf, subjectOf } from "./subject.ts";
import { TOPOLOGY } from "./topology.ts";
import type { Transport, WorkMessage, WorkVerdict } from "./transport.ts";

/** Something that a node saw. */
export interface Report {
  readonly node: string;
  /** What it is about, in one word: `pod-status`, `node-info`. */
  readonly what: string;
  readonly data: unknown;
  /** As the node gave it: the same report sent twice carries the same id. */
  readonly messageId: string;
  /** 1 for the first delivery; a later one may follow work that was done but not acknowledged. */
  readonly attempt: number;
}

/** The work queue from the agents to the gateway. */
export interface Reports {
  /** Resolves once the queue holds the report; repeating it with the same `messageId` within ten minutes adds nothing. */
  publish(node: string, what: string, data: unknown, messageId: string, signal?: AbortSignal): Promise<void>;
  /**
   * Hands out reports, each to one of all consumers, those of one node one after another. A report is done when the
   * handler resolves; it comes back later when the handler throws, except for a `Refused` error, which drops it. Resolves when
   * the signal has aborted and the reports in hand are through.
   */
  consume(handler: (report: Report) => Promise<void>, signal: AbortSignal): Promise<void>;
}

const HEAD = "slipway.report";
const RETRY: BackoffPolicy = { initialMs: 100, maxMs: 30_000 };

export const makeReports = (transport: Transport, logger: BusLogger): Reports => ({
  publish: async (node, what, data, messageId, signal) => {
    await transport.publish(subjectOf(HEAD, [node, what]), JSON.stringify(data), {
      id: messageId,
      ...(signal === undefined ? {} : { signal }),
    });
  },
  consume: async (handler, signal) => {
    const inOrder = keyedChains();
    await transport.work(
      TOPOLOGY.reports.name,
      (message) => {
        const [node, what] = partsOf(HEAD, 2, message.subject) ?? [];
        if (node === undefined || what === undefined) return Promise.resolve({ type: "drop", reason: "not a report" });
        return inOrder(node, () => handle(message, node, what, handler, logger));
      },
      signal,
    );
  },
});

const handle = async (
  message: WorkMessage,
  node: string,
  what: string,
  handler: (report: Report) => Promise<void>,
  logger: BusLogger,
): Promise<WorkVerdict> => {
  const { attempt, id: messageId } = message;
  const facts = { node, what, messageId, attempt };
  let data: unknown;
  try {
    data = JSON.parse(message.text());
  } catch {
    logger.warn(facts, "A report that is not JSON was dropped");
    return { type: "drop", reason: "not JSON" };
  }
  try {
    await handler({ ...facts, data });
    return { type: "done" };
  } catch (thrown) {
    const error = asSlipwayError(thrown);
    if (error.class === "Refused") {
      logger.warn({ ...facts, code: error.code, err: error }, "A report was refused and dropped");
      return { type: "drop", reason: error.code };
    }
    const delayMs = Math.max(error.retryAfterMs ?? 0, backoffDelayMs(RETRY, attempt));
    logger.warn({ ...facts, code: error.code, err: error, delayMs }, "A report could not be taken in and comes back");
    return { type: "again", delayMs };
  }
};

/** Runs the work of one key one after another, that of different keys side by side. */
const keyedChains = () => {
  const tails = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const run = (tails.get(key) ?? Promise.resolve()).then(work);
    const tail = run.then(
      () => {},
      () => {},
    );
    tails.set(key, tail);
    // The last one in the line takes the line away.
    const tidy = async () => {
      await tail;
      if (tails.get(key) === tail) tails.delete(key);
    };
    void tidy();
    return run;
  };
};
