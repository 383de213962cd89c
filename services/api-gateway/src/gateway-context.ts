import type { Bus } from "@slipway/bus";
import type { ClusterFollower } from "@slipway/cluster";
import type { EventLog } from "@slipway/eventlog";
import type { Clock, Random } from "@slipway/kernel";

/** What the gateway chooses for objects that leave it to the server. */
export interface GatewaySettings {
  readonly serviceCidr: string;
  readonly routeSuffix: string;
  readonly registryHost: string;
  readonly version: string;
  /** How long a position beyond the head may take to come: it may be another gateway's answer. */
  readonly patienceMs: number;
}

/** What every call works with. */
export interface GatewayContext {
  readonly log: EventLog;
  readonly bus: Bus;
  readonly follower: ClusterFollower;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly settings: GatewaySettings;
  /** The last position that the relay has brought to the bus. */
  readonly relayed: () => number;
}
