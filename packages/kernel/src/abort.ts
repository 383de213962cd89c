import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as it aborts. */
export const delay = (delayMs: number, signal?: AbortSignal, clock: Clock = systemClock): Promise<void> =>
  abortable(signal, (resolve) => {
    const timer = clock.schedule(delayMs, () => resolve());
    return () => timer.cancel();
  });

/** A promise whose `cleanUp` (returned by `start`) runs when the signal aborts; then it rejects with the signal's reason. */
export const abortable = <T = void>(
  signal: AbortSignal | undefined,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      cleanUp();
      reject(signal?.reason);
    };
    const settle =
      <A>(end: (value: A) => void) =>
      (value: A) => {
        signal?.removeEventListener("abort", onAbort);
        end(value);
      };
    signal?.addEventListener("abort", onAbort, { once: true });
    const cleanUp = start(settle(resolve), settle(reject));
  });

/** Waits for `promise`, but rejects with the signal's reason when it aborts first. The promise itself goes on. */
export const raceSignal = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  abortable<T>(signal, (resolve, reject) => {
    promise.then(resolve, reject);
    return () => {};
  });

/** A controller that aborts with any of the given signals, and can also be aborted alone. */
export const linkedSignal = (...signals: (AbortSignal | undefined)[]): AbortController => {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal === undefined) continue;
    if (signal.aborted) controller.abort(signal.reason);
    else
      signal.addEventListener("abort", () => controller.abort(signal.reason), {
        once: true,
        signal: controller.signal,
      });
  }
  return controller;
};
