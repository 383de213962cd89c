import { delay } from "@slipway/kernel";
import type { Answer } from "./ask.ts";

/** A request that did not end with 200. */
export interface FailedRequest {
  readonly at: string;
  readonly answer: string;
}

/** One request after another, for as long as a test sabotages the platform. */
export interface SteadyRequests {
  readonly sent: () => number;
  readonly failed: () => readonly FailedRequest[];
  /** The longest that an answer was waited for. */
  readonly slowestMs: () => number;
  stop(): Promise<void>;
}

export const startSteadyRequests = (send: () => Promise<Answer>, everyMs = 10): SteadyRequests => {
  const stopping = new AbortController();
  const failed: FailedRequest[] = [];
  let sent = 0;
  let slowestMs = 0;
  const one = async (): Promise<void> => {
    const startedAt = performance.now();
    const answer = await send().then(
      ({ status, body }) => (status === 200 ? undefined : `${status} ${body.slice(0, 100)}`),
      (error: unknown) => String(error),
    );
    sent++;
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    if (answer !== undefined) failed.push({ at: new Date().toISOString(), answer });
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await one();
      await delay(everyMs, stopping.signal).catch(() => {});
    }
  })();
  return {
    sent: () => sent,
    failed: () => failed,
    slowestMs: () => slowestMs,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
