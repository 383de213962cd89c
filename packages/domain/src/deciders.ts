import { buildDecider } from "./build/decider.ts";
import { buildConfigDecider } from "./build-config/decider.ts";
import type { DomainEvent } from "./event.ts";
import { imageStreamDecider } from "./image-stream/decider.ts";
import { nodeDecider } from "./node/decider.ts";
import { podDecider } from "./pod/decider.ts";
import { podStatusDecider } from "./pod-status/decider.ts";
import { projectDecider } from "./project/decider.ts";
import { replicationControllerDecider } from "./replication-controller/decider.ts";
import { routeDecider } from "./route/decider.ts";
import { serviceDecider } from "./service/decider.ts";
import { serviceAddressDecider } from "./service-address/decider.ts";

/** The rules of every kind of stream, by the first part of the stream's name. */
export const DECIDERS = {
  project: projectDecider,
  pod: podDecider,
  "pod-status": podStatusDecider,
  service: serviceDecider,
  "service-ip": serviceAddressDecider,
  replicationcontroller: replicationControllerDecider,
  node: nodeDecider,
  buildconfig: buildConfigDecider,
  build: buildDecider,
  imagestream: imageStreamDecider,
  route: routeDecider,
} as const;

export type StreamKind = keyof typeof DECIDERS;

export type StateOf<K extends StreamKind> = (typeof DECIDERS)[K]["initial"];

export const isStreamKind = (kind: string): kind is StreamKind => Object.hasOwn(DECIDERS, kind);

/** Takes one event into the state of a stream; `undefined` stands for a stream without events. */
export const evolveStream = <K extends StreamKind>(
  kind: K,
  state: StateOf<K> | undefined,
  event: DomainEvent,
): StateOf<K> => {
  // The table's entries agree in their own types, which the compiler cannot follow through an index.
  const { initial, evolve } = DECIDERS[kind] as unknown as {
    initial: StateOf<K>;
    evolve: (state: StateOf<K>, event: DomainEvent) => StateOf<K>;
  };
  return evolve(state ?? initial, event);
};
