import type { ClusterFollower } from "@slipway/cluster";
import { type PodStatusState, podStatusDecider } from "@slipway/domain";
import type { Folded } from "@slipway/eventlog";

/** States of streams that the read model may not hold yet; it is behind by some milliseconds at most. */
const MOST_KEPT = 10_000;

/** What is known of `pod-status` streams: by the read model, or by what was stored here a moment ago. */
export class StatusStates {
  readonly #follower: Pick<ClusterFollower, "state">;
  readonly #stored = new Map<string, Folded<PodStatusState>>();

  constructor(follower: Pick<ClusterFollower, "state">) {
    this.#follower = follower;
  }

  /** The newest known; undefined when nothing is known that events of the pod with this uid would meet. */
  newest(stream: string, uid: string): Folded<PodStatusState> | undefined {
    const { state } = this.#follower;
    const version = state.streamVersion(stream);
    const stored = this.#stored.get(stream);
    if (stored !== undefined && stored.version > version) return isOf(stored.state, uid) ? stored : undefined;
    this.#stored.delete(stream);
    if (version === 0) return { state: podStatusDecider.initial, version };
    const current = state.streamState(stream) as PodStatusState;
    return isOf(current, uid) ? { state: current, version } : undefined;
  }

  /** What the stream has become by an append of ours. */
  stored(stream: string, folded: Folded<PodStatusState>): void {
    this.#stored.delete(stream);
    this.#stored.set(stream, folded);
    const [oldest] = this.#stored.keys();
    if (this.#stored.size > MOST_KEPT && oldest !== undefined) this.#stored.delete(oldest);
  }
}

const isOf = (state: PodStatusState, uid: string): boolean => state.status === "live" && state.uid === uid;
