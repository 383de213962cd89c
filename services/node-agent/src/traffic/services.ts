import type { Bus, EndpointsKey } from "@slipway/bus";
import type { EndpointsValue } from "@slipway/domain";
import type { Clock } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import type { ZoneView } from "../dns/plan/zone.ts";
import { type FeedView, feedView } from "../feed/feed-view.ts";

/** What this node knows of all services. */
export interface Services extends ZoneView {
  readonly feed: FeedView<EndpointsValue>;
  ofProject(project: string): EndpointsValue[];
  /** Whether a pod still gets traffic as far as the control plane has told. */
  sendsTo(uid: string): boolean;
}

export const services = (options: {
  readonly bus: Pick<Bus, "endpoints">;
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}): Services => {
  const feed = feedView<EndpointsKey, EndpointsValue>({
    name: "endpoints",
    feed: options.bus.endpoints,
    filter: {},
    keyText: ({ project, service }) => `${project}/${service}`,
    read: readEndpoints,
    onChange: options.onChange,
    onCaughtUp: options.onChange,
    clock: options.clock,
    logger: options.logger,
  });
  const find = (accept: (service: EndpointsValue) => boolean): EndpointsValue | undefined => {
    for (const service of feed.values()) if (accept(service)) return service;
    return undefined;
  };
  return {
    feed,
    service: (project, name) => feed.get(`${project}/${name}`),
    hasProject: (project) => find((service) => service.project === project) !== undefined,
    byAddress: (ip) => find((service) => service.clusterIP === ip),
    ofProject: (project) =>
      [...feed.values()]
        .filter((service) => service.project === project)
        .sort((a, b) => (a.service < b.service ? -1 : 1)),
    sendsTo: (uid) =>
      find((service) => service.endpoints.some((endpoint) => endpoint.uid === uid && endpoint.ready)) !== undefined,
  };
};

/** The one place where a value of the feed becomes typed. */
const readEndpoints = (value: unknown, key: EndpointsKey): EndpointsValue | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const { clusterIP = "", ports = [], endpoints = [], routes = [] } = value as Partial<EndpointsValue>;
  if (![ports, endpoints, routes].every(Array.isArray)) return undefined;
  return { ...(value as EndpointsValue), ...key, clusterIP, ports, endpoints, routes };
};
