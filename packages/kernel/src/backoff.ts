/** Exponential delays: `initialMs`, doubled each time, never above `maxMs`. */
export interface BackoffPolicy {
  readonly initialMs: number;
  readonly maxMs: number;
  /** Share of the delay that chance may take away, 0 to 1, so that many callers do not come back at once. Default 0. */
  readonly jitter?: number;
}

/** The delay before try number `attempt` + 1, `attempt` counting the failures so far from 1; 0 before any failure. */
export const backoffDelayMs = (policy: BackoffPolicy, attempt: number, random: () => number = () => 0): number => {
  if (attempt <= 0) return 0;
  const full = Math.min(policy.maxMs, policy.initialMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round(full * (1 - (policy.jitter ?? 0) * random()));
};
