/** Says what is wrong, in a few words, or nothing when all is well. */
export type HealthCheck = () => string | undefined;

export interface Readiness {
  readonly ready: boolean;
  /** `name: what is wrong`, one for each thing in the way. */
  readonly reasons: readonly string[];
}

/**
 * Whether this process should be given work. It is ready from the moment that everything has started until the moment
 * that the stop begins, and while no check objects.
 */
export interface Health {
  addCheck(name: string, check: HealthCheck): void;
  /** Everything has started. */
  started(): void;
  /** The stop begins; there is no way back. */
  stopping(): void;
  readiness(): Readiness;
}

export const createHealth = (): Health => {
  let phase: "starting" | "started" | "stopping" = "starting";
  const checks = new Map<string, HealthCheck>();
  return {
    addCheck: (name, check) => void checks.set(name, check),
    started: () => {
      if (phase === "starting") phase = "started";
    },
    stopping: () => {
      phase = "stopping";
    },
    readiness: () => {
      const reasons = phase === "started" ? [] : [`process: ${phase}`];
      for (const [name, check] of checks) {
        const reason = outcomeOf(check);
        if (reason !== undefined) reasons.push(`${name}: ${reason}`);
      }
      return { ready: reasons.length === 0, reasons };
    },
  };
};

/** A check that throws found something wrong; it must not take the answer of the others with it. */
const outcomeOf = (check: HealthCheck): string | undefined => {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
