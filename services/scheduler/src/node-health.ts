import type { Bus } from "@slipway/bus";
import type { ClusterFollower } from "@slipway/cluster";
import { nodeDecider } from "@slipway/domain";
import type { EventLog } from "@slipway/eventlog";
import { type Clock, isSlipwayError, newId } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import { judgeNodes, type NodeLife } from "./plan/node-health.ts";

export interface NodeHealthOptions {
  readonly follower: ClusterFollower;
  readonly log: EventLog;
  readonly bus: Pick<Bus, "heartbeats" | "status">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly actor: string;
  /**
   * Without a heartbeat for this long a node is unreachable. Longer than the bus takes to notice that it hangs (15 s) and
   * two heartbeats: a silence of the bus is none of the nodes'.
   */
  readonly leaseMs: number;
}

/**
 * A gap this much longer than asked for means that this process itself was away: what it did not hear proves nothing, no
 * more than what it does not hear while it has no bus.
 */
const AWAY_FACTOR = 4;

/** Turns heartbeats, and their absence, into NodeReady and NodeUnreachable. Heartbeats themselves are never stored. */
export class NodeHealth {
  readonly #options: NodeHealthOptions;
  readonly #heardAt = new Map<string, number>();
  #listeningSince: number;
  #lastCheck: number;

  constructor(options: NodeHealthOptions) {
    this.#options = options;
    this.#listeningSince = options.clock.now();
    this.#lastCheck = this.#listeningSince;
  }

  listen(signal: AbortSignal): void {
    this.#options.bus.heartbeats.subscribe((node) => this.#heardAt.set(node, this.#options.clock.now()), signal);
  }

  /** Looks at every node once. `everyMs` is how often it is called. */
  async check(everyMs: number, signal: AbortSignal): Promise<void> {
    const { bus, clock, follower, leaseMs } = this.#options;
    const now = clock.now();
    const away = now - this.#lastCheck > everyMs * AWAY_FACTOR;
    if (away || !bus.status().connected) {
      this.#listeningSince = now;
      this.#heardAt.clear();
    }
    this.#lastCheck = now;
    const lives: NodeLife[] = [...follower.state.nodes.list()].map(({ name, state }) => ({
      name,
      ready: state.ready,
      heardAt: this.#heardAt.get(name) ?? this.#listeningSince,
      heard: this.#heardAt.has(name),
    }));
    for (const { name, verdict } of judgeNodes(lives, now, leaseMs)) await this.#store(name, verdict, now, signal);
  }

  async #store(name: string, verdict: "ready" | "unreachable", now: number, signal: AbortSignal): Promise<void> {
    const { follower, log, actor, logger } = this.#options;
    const entry = follower.state.nodes.get("", name);
    if (entry === undefined) return;
    const at = new Date(now).toISOString();
    const lastHeartbeat = new Date(this.#heardAt.get(name) ?? this.#listeningSince).toISOString();
    const events = nodeDecider.decide(
      verdict === "ready" ? { type: "ReportNodeReady", at } : { type: "ReportNodeUnreachable", at, lastHeartbeat },
      entry.state,
    );
    if (events.length === 0) return;
    try {
      const { position } = await log.append(
        [{ stream: entry.stream, expected: entry.version, events: events.map((event) => ({ ...event, id: newId() })) }],
        { actor },
        signal,
      );
      logger.info({ node: name, position }, verdict === "ready" ? "node ready" : "node unreachable");
      await follower.waitFor(position, signal);
    } catch (error) {
      // Another scheduler said it first; the next check sees it.
      if (!isSlipwayError(error, "VersionConflict")) throw error;
    }
  }
}
