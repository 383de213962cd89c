import type { ObservedContainer } from "./observed-pod.ts";

/** What a report says about an end. */
export interface ExitFacts {
  readonly exitCode: number;
  readonly signal: number;
  readonly oomKilled: boolean;
  readonly reason: string;
  readonly message: string;
}

/** Shells and engines say 128 + n for a process that a signal n ended. */
const SIGNAL_BASE = 128;
const LAST_SIGNAL = 64;

/** `stopReason`: why the agent itself stopped it, when it did. */
export const exitFacts = (container: ObservedContainer, stopReason: string | undefined): ExitFacts => {
  const { exitCode, oomKilled } = container;
  const bySignal = !container.cannotRun && exitCode > SIGNAL_BASE && exitCode <= SIGNAL_BASE + LAST_SIGNAL;
  return {
    exitCode,
    signal: bySignal ? exitCode - SIGNAL_BASE : 0,
    oomKilled,
    reason: reasonOf(container, stopReason),
    message: container.cannotRun ? container.error : container.logTail,
  };
};

const reasonOf = ({ cannotRun, oomKilled, exitCode }: ObservedContainer, stopReason: string | undefined): string => {
  if (cannotRun) return "ContainerCannotRun";
  if (oomKilled) return "OOMKilled";
  if (stopReason === "LivenessProbeFailed") return stopReason;
  return exitCode === 0 ? "Completed" : "Error";
};
