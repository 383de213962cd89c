import { type Deferred, deferred } from "@slipway/kernel";

/** A callback's values as an async iterable: everything that is there in one batch. */
export interface AsyncQueue<T> {
  push(value: T): void;
  /** Ends the queue after what is in it. Later pushes are ignored. */
  end(error?: unknown): void;
  /** What has gathered, or waits for something; `undefined` at the end. Throws the error of `end` once all is taken. */
  take(): Promise<readonly T[] | undefined>;
  readonly size: number;
}

export const asyncQueue = <T>(): AsyncQueue<T> => {
  let values: T[] = [];
  let ended: { error: unknown } | undefined;
  let waiting: Deferred<void> | undefined;
  const wake = () => {
    waiting?.resolve();
    waiting = undefined;
  };
  return {
    push: (value) => {
      if (ended !== undefined) return;
      values.push(value);
      wake();
    },
    end: (error) => {
      ended ??= { error };
      wake();
    },
    take: async () => {
      while (values.length === 0) {
        if (ended !== undefined) {
          if (ended.error !== undefined) throw ended.error;
          return undefined;
        }
        waiting ??= deferred();
        await waiting.promise;
      }
      const batch = values;
      values = [];
      return batch;
    },
    get size() {
      return values.length;
    },
  };
};
