import { asSlipwayError, delay } from "@slipway/kernel";
import type { Api } from "./api.ts";

/** A write that the API acknowledged. */
export interface AcknowledgedWrite {
  /** Stands in the object's label `write`. */
  readonly number: number;
  readonly position: number;
}

/** One small write after another through the API, each with a number of its own. */
export interface SteadyWrites {
  readonly acknowledged: () => readonly AcknowledgedWrite[];
  /** How often each error came back. */
  readonly refused: () => ReadonlyMap<string, number>;
  /** The longest time between two acknowledged writes. */
  readonly longestGapMs: () => number;
  stop(): Promise<void>;
}

/** Each write changes one of this many image streams. */
const OBJECTS = 10;

export const startSteadyWrites = async (api: Api, project: string, everyMs = 20): Promise<SteadyWrites> => {
  await api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name: project } });
  const stopping = new AbortController();
  const acknowledged: AcknowledgedWrite[] = [];
  const refused = new Map<string, number>();
  let longestGapMs = 0;
  let lastAt = performance.now();
  const write = async (number: number): Promise<void> => {
    const name = `written-${number % OBJECTS}`;
    const metadata = { name, labels: { write: String(number) } };
    try {
      const position = await api.apply(project, { apiVersion: "v1", kind: "ImageStream", metadata });
      acknowledged.push({ number, position: Number(position) });
      longestGapMs = Math.max(longestGapMs, performance.now() - lastAt);
      lastAt = performance.now();
    } catch (error) {
      const { code } = asSlipwayError(error);
      refused.set(code, (refused.get(code) ?? 0) + 1);
    }
  };
  const running = (async () => {
    for (let number = 1; !stopping.signal.aborted; number++) {
      await write(number);
      await delay(everyMs, stopping.signal).catch(() => {});
    }
  })();
  return {
    acknowledged: () => acknowledged,
    refused: () => refused,
    longestGapMs: () => longestGapMs,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
