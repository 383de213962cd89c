import { asSlipwayError, type Clock, type Random, type SlipwayError, type Timer } from "@slipway/kernel";

export interface ResyncOptions {
  /** Between two lists; a tenth of it more or less by chance, so that services do not list in step. */
  readonly everyMs: number;
  /** Every key that this loop cares for. */
  readonly listKeys: (signal?: AbortSignal) => Iterable<string> | Promise<Iterable<string>>;
}

interface ResyncLoopOptions extends ResyncOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly add: (key: string) => void;
  readonly onError: (error: SlipwayError, attempt: number) => void;
}

/** Adds all keys at the start and every `everyMs`. The first list must succeed; a later one that fails is tried at the next turn. */
export const resyncLoop = ({ everyMs, listKeys, clock, random, add, onError }: ResyncLoopOptions) => {
  let timer: Timer | undefined;
  let stopped = false;
  let failures = 0;

  const addAll = async (signal?: AbortSignal): Promise<void> => {
    const keys = await listKeys(signal);
    if (stopped) return;
    for (const key of keys) add(key);
  };

  const scheduleNext = (): void => {
    if (stopped) return;
    timer = clock.schedule(everyMs * (0.9 + 0.2 * random()), () => void turn());
  };

  const turn = async (): Promise<void> => {
    try {
      await addAll();
      failures = 0;
    } catch (cause) {
      failures++;
      onError(asSlipwayError(cause), failures);
    }
    scheduleNext();
  };

  return {
    start: async (signal?: AbortSignal): Promise<void> => {
      await addAll(signal);
      scheduleNext();
    },
    stop: (): void => {
      stopped = true;
      timer?.cancel();
    },
  };
};
