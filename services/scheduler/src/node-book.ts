import type { Change, ClusterState } from "@slipway/cluster";
import { podRequests } from "@slipway/domain";
import { nodeCapacity } from "./node-capacity.ts";
import type { NodeView } from "./plan/node-view.ts";
import type { PodRequest } from "./plan/pod-request.ts";
import { podRequestOf } from "./pod-request-of.ts";

/** A pod's share of its node, remembered so that exactly it is given back. */
interface Booking {
  readonly uid: string;
  readonly node: string;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly owner: string | undefined;
}

class Ledger {
  cpuMillis = 0;
  memoryBytes = 0;
  pods = 0;
  readonly owners = new Map<string, number>();
}

/**
 * What is free on each node, kept up event by event: nothing is counted anew for one pod. Decisions that are stored but
 * not yet folded are booked by `assume`, so that a burst of pods does not all see the same free node.
 */
export class NodeBook {
  readonly #state: ClusterState;
  readonly #ledgers = new Map<string, Ledger>();
  readonly #bookings = new Map<string, Booking>();
  #views: readonly NodeView[] | undefined;

  constructor(state: ClusterState) {
    this.#state = state;
    for (const pod of state.pods.list()) this.#refreshPod(pod.project, pod.name);
  }

  /** Takes in what a batch of events changed. */
  apply(changes: readonly Change[]): void {
    for (const { kind, project, name } of changes) {
      if (kind === "node") this.#views = undefined;
      else if (kind === "pod" || kind === "pod-status") this.#refreshPod(project, name);
    }
  }

  /** Every node with its present numbers. The views are live: they follow later bookings. */
  nodes(): readonly NodeView[] {
    this.#views ??= [...this.#state.nodes.list()].map((entry) => this.#view(entry.name));
    return this.#views;
  }

  /** Books a decision before its event comes back. */
  assume(pod: PodRequest, node: string): void {
    this.#book(`${pod.project}/${pod.name}`, {
      uid: pod.uid,
      node,
      cpuMillis: pod.cpuMillis,
      memoryBytes: pod.memoryBytes,
      owner: pod.owner,
    });
  }

  /** Takes back a decision that was refused; the state says what holds. */
  forget(project: string, name: string): void {
    this.#refreshPod(project, name);
  }

  #refreshPod(project: string, name: string): void {
    const entry = this.#state.pods.get(project, name);
    const key = `${project}/${name}`;
    if (entry?.state.node === undefined || this.#finished(project, name, entry.state.pod.metadata?.uid)) {
      this.#release(key);
      return;
    }
    const uid = entry.state.pod.metadata?.uid ?? "";
    const booked = this.#bookings.get(key);
    if (booked?.uid === uid && booked.node === entry.state.node) return;
    const { cpuMillis, memoryBytes } = podRequests(entry.state.pod.spec ?? {});
    this.#book(key, { uid, node: entry.state.node, cpuMillis, memoryBytes, owner: podRequestOf(entry).owner });
  }

  /** A pod at its end keeps its record but gives its resources back. */
  #finished(project: string, name: string, uid: string | undefined): boolean {
    const status = this.#state.podStatuses.get(project, name)?.state;
    return status !== undefined && status.uid === uid && (status.finished !== undefined || status.stopped === true);
  }

  #book(key: string, booking: Booking): void {
    this.#release(key);
    const ledger = this.#ledger(booking.node);
    ledger.cpuMillis += booking.cpuMillis;
    ledger.memoryBytes += booking.memoryBytes;
    ledger.pods += 1;
    if (booking.owner !== undefined) ledger.owners.set(booking.owner, (ledger.owners.get(booking.owner) ?? 0) + 1);
    this.#bookings.set(key, booking);
  }

  #release(key: string): void {
    const booking = this.#bookings.get(key);
    if (booking === undefined) return;
    this.#bookings.delete(key);
    const ledger = this.#ledger(booking.node);
    ledger.cpuMillis -= booking.cpuMillis;
    ledger.memoryBytes -= booking.memoryBytes;
    ledger.pods -= 1;
    if (booking.owner === undefined) return;
    const left = (ledger.owners.get(booking.owner) ?? 1) - 1;
    if (left > 0) ledger.owners.set(booking.owner, left);
    else ledger.owners.delete(booking.owner);
  }

  #ledger(node: string): Ledger {
    let ledger = this.#ledgers.get(node);
    if (ledger === undefined) {
      ledger = new Ledger();
      this.#ledgers.set(node, ledger);
    }
    return ledger;
  }

  #view(name: string): NodeView {
    const state = this.#state.nodes.get("", name)?.state;
    const ledger = this.#ledger(name);
    const capacity = nodeCapacity(state?.node.status?.allocatable);
    return {
      name,
      ready: state?.ready === true,
      unschedulable: state?.cordoned === true || state?.node.spec?.unschedulable === true,
      labels: state?.node.metadata?.labels ?? {},
      allocatableCpuMillis: capacity.cpuMillis,
      allocatableMemoryBytes: capacity.memoryBytes,
      allocatablePods: capacity.pods,
      get usedCpuMillis() {
        return ledger.cpuMillis;
      },
      get usedMemoryBytes() {
        return ledger.memoryBytes;
      },
      get usedPods() {
        return ledger.pods;
      },
      podsOfOwner: (owner) => ledger.owners.get(owner) ?? 0,
    };
  }
}
