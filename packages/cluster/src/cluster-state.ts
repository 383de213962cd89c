import {
  type BuildConfigLive,
  type BuildLive,
  DECIDERS,
  type DomainEvent,
  evolveStream,
  type ImageStreamLive,
  isStreamKind,
  type NodeLive,
  type PodLive,
  type PodStatusLive,
  type ProjectLive,
  type ReplicationControllerLive,
  type RouteLive,
  type ServiceAddressLive,
  type ServiceLive,
  type StreamKind,
} from "@slipway/domain";
import { parseStream, type StoredEvent } from "@slipway/kernel";
import type { ObjectMetaJson } from "@slipway/proto";
import type { Change, Entry } from "./entry.ts";
import { PodIndexes } from "./pod-indexes.ts";
import { MutableTable, type Slot, type Table, type TableKind } from "./table.ts";

/** How the tables see a state: every kind's live state has `status: "live"`. */
interface AnyState {
  readonly status: "live" | "absent";
}

const NO_METADATA: ObjectMetaJson = {};

const kindOf = <S>(metadata: (state: S) => ObjectMetaJson | undefined): TableKind<S> => ({
  live: (state) => (state as AnyState).status === "live",
  metadata: (state) => ((state as AnyState).status === "live" ? (metadata(state) ?? NO_METADATA) : NO_METADATA),
});

const objectTable = <S extends { readonly object: { metadata?: ObjectMetaJson } }>() =>
  new MutableTable<S>(kindOf((state) => state.object.metadata));

/** The fold of the log. One writer calls `apply`; everybody else reads. Entries are replaced, never changed. */
export class ClusterState {
  /** The last event taken in; 0 before any. */
  position = 0;

  readonly #tables = {
    project: objectTable<ProjectLive>(),
    pod: new MutableTable<PodLive>(kindOf((state) => state.pod.metadata)),
    "pod-status": new MutableTable<PodStatusLive>(kindOf(({ uid }) => ({ uid }))),
    service: objectTable<ServiceLive>(),
    "service-ip": new MutableTable<ServiceAddressLive>(kindOf(() => undefined)),
    replicationcontroller: objectTable<ReplicationControllerLive>(),
    node: new MutableTable<NodeLive>(kindOf((state) => state.node.metadata)),
    buildconfig: objectTable<BuildConfigLive>(),
    build: objectTable<BuildLive>(),
    imagestream: objectTable<ImageStreamLive>(),
    route: objectTable<RouteLive>(),
  } satisfies Record<StreamKind, unknown>;
  readonly #podIndexes = new PodIndexes();

  readonly projects: Table<ProjectLive> = this.#tables.project;
  readonly pods: Table<PodLive> = this.#tables.pod;
  readonly podStatuses: Table<PodStatusLive> = this.#tables["pod-status"];
  readonly services: Table<ServiceLive> = this.#tables.service;
  /** By address; cluster-scoped. */
  readonly serviceAddresses: Table<ServiceAddressLive> = this.#tables["service-ip"];
  readonly replicationControllers: Table<ReplicationControllerLive> = this.#tables.replicationcontroller;
  readonly nodes: Table<NodeLive> = this.#tables.node;
  readonly buildConfigs: Table<BuildConfigLive> = this.#tables.buildconfig;
  readonly builds: Table<BuildLive> = this.#tables.build;
  readonly imageStreams: Table<ImageStreamLive> = this.#tables.imagestream;
  readonly routes: Table<RouteLive> = this.#tables.route;

  /** Takes in one event; undefined when its stream is of no known kind. Events at or before `position` are ignored. */
  apply(event: StoredEvent): Change | undefined {
    if (event.position <= this.position) return undefined;
    this.position = event.position;
    const stream = parseStream(event.stream);
    if (stream === undefined || !isStreamKind(stream.kind)) return undefined;
    const { kind, project, name } = stream;
    const table = this.#tables[kind] as unknown as MutableTable<AnyState>;
    const slot = table.slot(project, name);
    const before = slot?.state;
    const state = evolveStream(kind, before as never, event as unknown as DomainEvent) as AnyState;
    const born = before?.status !== "live" && state.status === "live";
    this.#put(kind, {
      stream: event.stream,
      project,
      name,
      state,
      version: event.version,
      position: event.position,
      createdAt: born ? event.position : (slot?.createdAt ?? 0),
    });
    return { kind, project, name, type: event.type, position: event.position };
  }

  /** The version of any stream; 0 when it never had an event. */
  streamVersion(stream: string): number {
    const parsed = parseStream(stream);
    if (parsed === undefined || !isStreamKind(parsed.kind)) return 0;
    return this.#tables[parsed.kind].version(parsed.project, parsed.name);
  }

  /** A stream's state, initial when it never had an event; also for objects that are gone. */
  streamState(stream: string): unknown {
    const parsed = parseStream(stream);
    if (parsed === undefined || !isStreamKind(parsed.kind)) return undefined;
    const table = this.#tables[parsed.kind] as unknown as MutableTable<unknown>;
    return table.slot(parsed.project, parsed.name)?.state ?? DECIDERS[parsed.kind].initial;
  }

  podsOnNode(node: string): Iterable<Entry<PodLive>> {
    return this.#pods(this.#podIndexes.onNode.get(node));
  }

  /** By the uid of their controller. */
  podsOwnedBy(uid: string): Iterable<Entry<PodLive>> {
    return this.#pods(this.#podIndexes.ownedBy.get(uid));
  }

  /** Pods of a project that no controller owns. */
  orphanPods(project: string): Iterable<Entry<PodLive>> {
    return this.#pods(this.#podIndexes.orphansIn.get(project));
  }

  unscheduledPods(): Iterable<Entry<PodLive>> {
    return this.#pods(this.#podIndexes.unscheduled);
  }

  terminatingPods(): Iterable<Entry<PodLive>> {
    return this.#pods(this.#podIndexes.terminating);
  }

  /** Every stream that ever had an event, for snapshots and fingerprints. */
  *slots(): Iterable<{ readonly kind: StreamKind; readonly slot: Readonly<Slot<unknown>> }> {
    for (const kind of Object.keys(this.#tables) as StreamKind[]) {
      for (const slot of this.#tables[kind].slots()) yield { kind, slot: slot as Readonly<Slot<unknown>> };
    }
  }

  /** Puts one stream back as a snapshot holds it. */
  restore(kind: StreamKind, slot: Slot<unknown>): void {
    this.#put(kind, slot as Slot<AnyState>);
  }

  #put(kind: StreamKind, slot: Slot<AnyState>): void {
    const table = this.#tables[kind] as unknown as MutableTable<AnyState>;
    const { before, after } = table.put(slot);
    if (kind !== "pod") return;
    this.#podIndexes.update(before as Entry<PodLive> | undefined, after as Entry<PodLive> | undefined);
  }

  *#pods(keys: Iterable<string>): Iterable<Entry<PodLive>> {
    for (const key of keys) {
      const slash = key.indexOf("/");
      const entry = this.pods.get(key.slice(0, slash), key.slice(slash + 1));
      if (entry !== undefined) yield entry;
    }
  }
}
