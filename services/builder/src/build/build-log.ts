import type { Clock, Timer } from "@slipway/kernel";
import type { Mask } from "./mask.ts";

/** One line as the bus carries it. */
interface BuildLogLine {
  /** RFC 3339. */
  readonly at: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** What a build has to say, line by line: streamed while it runs, its end kept for the build's status. */
export interface BuildLog {
  line(text: string, stream?: "stdout" | "stderr"): void;
  /** The last lines, at most 30 of them and 4 KiB. */
  snippet(): string;
  /** Resolves when everything said so far is stored, or after `deadlineMs`; lines that come later are dropped. */
  close(deadlineMs?: number): Promise<void>;
}

interface BuildLogOptions {
  /** Stores lines, in order. Rejects when that is not possible now. */
  readonly publish: (lines: readonly BuildLogLine[]) => Promise<void>;
  readonly clock: Clock;
  readonly mask: Mask;
}

const SNIPPET_LINES = 30;
const SNIPPET_BYTES = 4_096;
/** Lines are gathered for so long before they are sent. */
const GATHER_MS = 50;
const RETRY_MS = 500;
const LARGEST_BATCH = 500;
/** What may wait while the bus is away; the oldest go first. */
const LARGEST_BACKLOG = 20_000;
const CLOSE_MS = 5_000;

/** A log that loses nothing while the bus keeps up, and never holds up the build. */
export const createBuildLog = ({ publish, clock, mask }: BuildLogOptions): BuildLog => {
  const waiting: BuildLogLine[] = [];
  const last: string[] = [];
  let dropped = 0;
  let sending: Promise<void> | undefined;
  let timer: Timer | undefined;
  let closed = false;
  let givenUp = false;

  const send = async (): Promise<void> => {
    while (waiting.length > 0 && !givenUp) {
      const batch = waiting.splice(0, LARGEST_BATCH);
      if (dropped > 0) {
        batch.unshift({
          at: batch[0]?.at ?? "",
          stream: "stderr",
          text: `... ${dropped} lines are lost: the log could not be stored ...`,
        });
        dropped = 0;
      }
      const stored = await publish(batch).then(
        () => true,
        () => false,
      );
      if (stored) continue;
      waiting.unshift(...batch);
      await new Promise<void>((resolve) => clock.schedule(RETRY_MS, resolve));
    }
  };
  const startSending = (): void => {
    timer?.cancel();
    timer = undefined;
    sending ??= send().finally(() => {
      sending = undefined;
    });
  };

  return {
    line: (raw, stream = "stdout") => {
      if (closed) return;
      const text = mask(raw);
      last.push(text);
      if (last.length > SNIPPET_LINES) last.shift();
      waiting.push({ at: new Date(clock.now()).toISOString(), stream, text });
      if (waiting.length > LARGEST_BACKLOG) {
        waiting.shift();
        dropped++;
      }
      if (sending === undefined) timer ??= clock.schedule(GATHER_MS, startSending);
    },
    snippet: () => {
      const kept: string[] = [];
      let room = SNIPPET_BYTES;
      for (const text of last.toReversed()) {
        room -= Buffer.byteLength(text) + 1;
        if (room < 0) break;
        kept.unshift(text);
      }
      return kept.length > 0 ? kept.join("\n") : (last.at(-1) ?? "").slice(-SNIPPET_BYTES / 4);
    },
    close: async (deadlineMs = CLOSE_MS) => {
      closed = true;
      const late = new Promise<void>((resolve) => clock.schedule(deadlineMs, resolve));
      const drained = (async () => {
        while (!givenUp && (waiting.length > 0 || sending !== undefined)) {
          startSending();
          await sending;
        }
      })();
      await Promise.race([drained, late]);
      givenUp = true;
    },
  };
};
