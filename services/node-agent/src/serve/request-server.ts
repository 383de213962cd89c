import type { Bus } from "@slipway/bus";
import type { Containers } from "@slipway/containers";
import type { Clock } from "@slipway/kernel";
import type { Component } from "@slipway/runtime";
import type { AgentIdentity } from "../container/plan/labels.ts";
import type { PodsPart } from "../pod/pods-part.ts";
import { serveLogs } from "./serve-logs.ts";
import { serveStats } from "./serve-stats.ts";

/** Answers what the gateway asks of this node. */
export const requestServer = (options: {
  readonly bus: Pick<Bus, "requests">;
  readonly containers: Containers;
  readonly identity: AgentIdentity;
  readonly pods: Pick<PodsPart, "changes" | "lives">;
  readonly clock: Clock;
}): Component => {
  const { bus, containers, identity, pods, clock } = options;
  const lifetime = new AbortController();
  return {
    name: "requests",
    start: async () => {
      const source = { containers, identity, changed: pods.changes.next, lives: pods.lives, clock };
      bus.requests.serve(identity.node, "logs", (data, signal) => serveLogs(source, data, signal), lifetime.signal);
      bus.requests.serve(identity.node, "stats", (data, signal) => serveStats(source, data, signal), lifetime.signal);
    },
    stop: async () => lifetime.abort(),
  };
};
