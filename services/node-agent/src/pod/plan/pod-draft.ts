import type { ObservedContainer } from "./observed-pod.ts";
import type { PodAction } from "./pod-action.ts";
import { type PodEvents, podEvents } from "./pod-events.ts";
import type { PodInput } from "./pod-input.ts";
import type { ContainerRecord, ContainerReported, PodRecord, PodReported } from "./pod-record.ts";

/** A plan while it is being made: what to do, what to tell, what to remember and when to look again. */
export class PodDraft {
  readonly actions: PodAction[] = [];
  /** Told before the actions are carried out. */
  readonly events: PodEvents;
  /** Told after them. */
  readonly lastEvents: PodEvents;
  readonly at: string;
  record: PodRecord;
  reported: PodReported;
  wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(readonlyInput: Pick<PodInput, "record" | "reported" | "nowMs">) {
    this.record = readonlyInput.record;
    this.reported = readonlyInput.reported;
    this.events = podEvents(this.record.uid);
    this.lastEvents = podEvents(this.record.uid);
    this.nowMs = readonlyInput.nowMs;
    this.at = new Date(this.nowMs).toISOString();
  }

  readonly nowMs: number;

  wakeAt(ms: number): void {
    this.wakeAtMs = Math.min(this.wakeAtMs, ms);
  }

  containerRecord(name: string): ContainerRecord | undefined {
    return this.record.containers[name];
  }

  remember(name: string, container: ContainerRecord): void {
    this.record = { ...this.record, containers: { ...this.record.containers, [name]: container } };
  }

  reportedOf(name: string): ContainerReported {
    return this.reported.containers[name] ?? {};
  }

  report(name: string, change: ContainerReported): void {
    const containers = { ...this.reported.containers, [name]: { ...this.reportedOf(name), ...change } };
    this.reported = { ...this.reported, containers };
  }

  /** Says why a container does not run, once an occasion. */
  waiting(container: string, reason: string, message: string, occasion: string): void {
    const waiting = `${reason}/${occasion}`;
    if (this.reportedOf(container).waiting === waiting) return;
    this.report(container, { waiting });
    this.events.add("ContainerWaiting", `${container}/${waiting}`, { container, reason, message, at: this.at });
  }

  /**
   * Stop signal first, KILL when the grace is over. Asked again with a shorter grace, the shorter one counts; the first
   * reason stands.
   */
  stop(container: ObservedContainer, graceMs: number, reason: string): void {
    const before = this.record.stopping[container.id];
    const sinceMs = before?.sinceMs ?? this.nowMs;
    const shorterMs = Math.min(graceMs, before?.graceMs ?? graceMs);
    if (before === undefined || shorterMs !== before.graceMs) {
      const stopping = { sinceMs, graceMs: shorterMs, reason: before?.reason ?? reason };
      this.record = { ...this.record, stopping: { ...this.record.stopping, [container.id]: stopping } };
    }
    const killAtMs = sinceMs + shorterMs;
    if (this.nowMs >= killAtMs) {
      this.actions.push({ type: "signal", id: container.id, signal: "SIGKILL" });
      this.wakeAt(this.nowMs + KILL_AGAIN_MS);
      return;
    }
    if (before === undefined) this.actions.push({ type: "signal", id: container.id, signal: container.stopSignal });
    this.wakeAt(killAtMs);
  }
}

/** A process that does not die of KILL waits for a disk; the signal is repeated in case the engine lost it. */
const KILL_AGAIN_MS = 5_000;
