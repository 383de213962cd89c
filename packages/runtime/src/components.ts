import { asSlipwayError, type Clock, SlipwayError, systemClock } from "@slipway/kernel";
import type { Logger } from "./logger.ts";

/** A part of a process with a beginning and an end. */
export interface Component {
  readonly name: string;
  /** Resolves when the part does its work. `signal` aborts when the process stops before everything has started. */
  start(signal: AbortSignal): Promise<void>;
  /** Finishes what is under way within `deadlineMs`. Called once, and only after `start` succeeded. */
  stop(deadlineMs: number): Promise<void>;
}

export interface RunningComponents {
  /**
   * Stops all parts in reverse order, together within `deadlineMs` (default 10 s). A part that fails or is late is
   * logged and left behind, so that the others are stopped all the same; then this rejects with its error.
   */
  stop(deadlineMs?: number): Promise<void>;
}

export interface StartOptions {
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

const DEFAULT_STOP_MS = 10_000;

/**
 * Starts the parts in order. When one fails, those before it are stopped in reverse order and its error is thrown.
 * Touches nothing of the process, so tests run whole services with it.
 */
export const startComponents = async (
  components: readonly Component[],
  { logger, clock = systemClock, signal = new AbortController().signal }: StartOptions = {},
): Promise<RunningComponents> => {
  const started: Component[] = [];

  const stopAll = async (deadlineMs: number): Promise<void> => {
    const endMs = clock.now() + deadlineMs;
    let firstError: unknown;
    for (let part = started.pop(); part !== undefined; part = started.pop()) {
      try {
        await stopInTime(part, Math.max(0, endMs - clock.now()), clock);
        logger?.debug({ component: part.name }, "component stopped");
      } catch (error) {
        logger?.error({ component: part.name, error }, "component did not stop well");
        firstError ??= error;
      }
    }
    if (firstError !== undefined) throw asSlipwayError(firstError);
  };

  for (const component of components) {
    try {
      signal.throwIfAborted();
      await component.start(signal);
      started.push(component);
      logger?.debug({ component: component.name }, "component started");
    } catch (error) {
      logger?.error({ component: component.name, error }, "component did not start");
      // What went wrong first is what the caller must hear of; troubles of the clean-up are in the log.
      await stopAll(DEFAULT_STOP_MS).catch(() => {});
      throw error;
    }
  }

  let stopping: Promise<void> | undefined;
  return {
    stop: (deadlineMs = DEFAULT_STOP_MS) => {
      stopping ??= stopAll(deadlineMs);
      return stopping;
    },
  };
};

const stopInTime = async (component: Component, deadlineMs: number, clock: Clock): Promise<void> => {
  const late = Promise.withResolvers<never>();
  // One tick longer than the part was given, so that its own answer at the deadline comes first.
  const timer = clock.schedule(deadlineMs + 1, () =>
    late.reject(
      new SlipwayError(
        "DeadlineExceeded",
        `The component ${component.name} did not stop in time and was left behind.`,
        {
          fields: { component: component.name, deadlineMs },
        },
      ),
    ),
  );
  try {
    await Promise.race([component.stop(deadlineMs), late.promise]);
  } finally {
    timer.cancel();
  }
};
