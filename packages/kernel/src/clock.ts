/** A timer that was set and can be taken back. */
export interface Timer {
  cancel(): void;
}

/** Time as a port: loops take it as an argument, so that tests and the simulation own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after `delayMs`, unless cancelled. Does not keep the process alive by itself. */
  schedule(delayMs: number, run: () => void): Timer;
}

/** setTimeout's largest delay; a longer one would fire at once. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, run) => {
    const handle = setTimeout(run, Math.min(Math.max(0, delayMs), LONGEST_TIMEOUT_MS));
    if (typeof handle === "object" && "unref" in handle) handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
