import type { Bus } from "@slipway/bus";
import { type Clock, delay, linkedSignal, raceSignal, type Timer } from "@slipway/kernel";
import type { Component, Logger } from "@slipway/runtime";
import { dnsServer } from "../dns/dns-server.ts";
import type { Forward } from "../dns/forwarder.ts";
import type { Edge } from "../edge/edge.ts";
import type { ApplyNft } from "../network/nft.ts";
import type { NftOptions } from "../network/plan/nft-table.ts";
import { vipTable } from "../network/vip-table.ts";
import { type Services, services } from "./services.ts";
import { type Traffic, traffic } from "./traffic.ts";

export interface TrafficPart {
  readonly services: Services;
  readonly traffic: Traffic;
  readonly components: readonly Component[];
  /** What is wrong with the edge, if anything. */
  problem(): string | undefined;
}

export interface TrafficPartOptions {
  readonly bus: Pick<Bus, "endpoints">;
  readonly nft: NftOptions;
  readonly applyNft: ApplyNft;
  readonly hasNftTable: (table: string) => Promise<boolean>;
  /** Absent: this node has no edge. */
  readonly edge?: (traffic: Traffic) => Edge;
  readonly dns: { readonly host: string; readonly port: number; readonly forward: Forward };
  readonly clock: Clock;
  readonly logger: Logger;
}

/** So long a starting agent waits to hear of all services before its first pods are made without knowing them. */
const FIRST_SERVICES_MS = 3_000;
/** Other programs of the host may remove the table (a firewall that is loaded anew). */
const GUARD_EVERY_MS = 30_000;

/** Everything that carries traffic to pods: service addresses, the edge and names. */
export const trafficPart = (options: TrafficPartOptions): TrafficPart => {
  const { bus, clock, logger } = options;
  const known: Services = services({ bus, onChange: () => directing.changed(), clock, logger });
  const directing = traffic(() => known, clock);
  const vips = vipTable({ traffic: directing, nft: options.nft, apply: options.applyNft, clock, logger });
  const ownEdge = options.edge?.(directing);
  const lifetime = new AbortController();
  let watching: Promise<void> = Promise.resolve();
  let timer: Timer | undefined;

  const guardTable = async (): Promise<void> => {
    try {
      if (!(await options.hasNftTable(options.nft.table))) vips.restore();
    } catch (error) {
      logger.warn({ error }, "nftables could not be looked at");
    }
    if (!lifetime.signal.aborted) timer = clock.schedule(GUARD_EVERY_MS, () => void guardTable());
  };

  /** What an earlier agent left keeps working untouched until all services are known again. */
  const takeOver = async (): Promise<void> => {
    await raceSignal(known.feed.caughtUp, lifetime.signal);
    directing.directors([vips, ...(ownEdge === undefined ? [] : [ownEdge])]);
    vips.restore();
    timer = clock.schedule(GUARD_EVERY_MS, () => void guardTable());
    await Promise.all([vips.flush(), ownEdge?.start(lifetime.signal)]);
  };

  const watcher: Component = {
    name: "services",
    start: async (signal) => {
      watching = known.feed.run(lifetime.signal);
      const taken = takeOver();
      const waiting = linkedSignal(signal, lifetime.signal);
      await Promise.race([taken, delay(FIRST_SERVICES_MS, waiting.signal, clock)]);
      waiting.abort();
      taken.catch((error: unknown) => {
        if (!lifetime.signal.aborted) logger.error({ error }, "this node's traffic could not be taken over");
      });
    },
    stop: async (deadlineMs) => {
      lifetime.abort();
      timer?.cancel();
      await Promise.all([watching, vips.stop(), ownEdge?.stop(deadlineMs)]);
    },
  };
  const dns = dnsServer({ ...options.dns, view: known, clock, logger });
  return { services: known, traffic: directing, components: [watcher, dns], problem: () => ownEdge?.problem() };
};
