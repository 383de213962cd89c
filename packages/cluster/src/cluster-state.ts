import {
  type BuildConfigLive,
  type BuildLive,
  DECIDERS,
  type DomainEvent,
  evolveStream,
  type ImageStreamLive,
  isStreamKind,
  matchesSelector,
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
import type { Change, Entry } from "./entry.ts";
import { SharedTemplates } from "./shared-templates.ts";
import type { MutableTable, Remains, Table } from "./table.ts";
import { controllerUidOf, makeTables } from "./tables.ts";

/** How the fold sees a state of any kind. */
interface AnyState {
  readonly status: "live" | "absent";
}

/** The fold of the log. One writer calls `apply`; everybody else reads. Entries are replaced, never changed. */
export class ClusterState {
  /** The last event taken in; 0 before any. */
  position = 0;

  readonly #made = makeTables();
  readonly #templates = new SharedTemplates();

  readonly projects: Table<ProjectLive> = this.#made.tables.project;
  readonly pods: Table<PodLive> = this.#made.tables.pod;
  /** What is observed of the pods that are there: of no others, and never of an earlier pod of the same name. */
  readonly podStatuses: Table<PodStatusLive> = this.#made.tables["pod-status"];
  readonly services: Table<ServiceLive> = this.#made.tables.service;
  /** By address; cluster-scoped. */
  readonly serviceAddresses: Table<ServiceAddressLive> = this.#made.tables["service-ip"];
  readonly replicationControllers: Table<ReplicationControllerLive> = this.#made.tables.replicationcontroller;
  readonly nodes: Table<NodeLive> = this.#made.tables.node;
  readonly buildConfigs: Table<BuildConfigLive> = this.#made.tables.buildconfig;
  readonly builds: Table<BuildLive> = this.#made.tables.build;
  readonly imageStreams: Table<ImageStreamLive> = this.#made.tables.imagestream;
  readonly routes: Table<RouteLive> = this.#made.tables.route;

  /** Takes in one event; undefined when its stream is of no known kind. Events at or before `position` are ignored. */
  apply(event: StoredEvent): Change | undefined {
    if (event.position <= this.position) return undefined;
    this.position = event.position;
    const stream = parseStream(event.stream);
    if (stream === undefined || !isStreamKind(stream.kind)) return undefined;
    const { kind, project, name } = stream;
    const table = this.#table(kind);
    const before = table.get(project, name);
    const earlier = before?.state ?? this.#remembered(kind, project, name);
    const state = this.#evolve(kind, earlier, event, project, name);
    this.#put(kind, before, state, { stream: event.stream, project, name, event });
    const after = table.get(project, name);
    return { kind, project, name, type: event.type, position: event.position, before, after };
  }

  /** The version of any stream; 0 when it never had an event. */
  streamVersion(stream: string): number {
    const parsed = parseStream(stream);
    if (parsed === undefined || !isStreamKind(parsed.kind)) return 0;
    return this.#table(parsed.kind).version(parsed.project, parsed.name);
  }

  /** A stream's state, also of an object that is gone: what a decider decides on. Undefined for an unknown kind. */
  streamState(stream: string): unknown {
    const parsed = parseStream(stream);
    if (parsed === undefined || !isStreamKind(parsed.kind)) return undefined;
    const { kind, project, name } = parsed;
    return this.#table(kind).get(project, name)?.state ?? this.#remembered(kind, project, name);
  }

  podsOnNode(node: string): Iterable<Entry<PodLive>> {
    return this.#made.pods.onNode.get(node);
  }

  /** By the uid of their controller. */
  podsOwnedBy(uid: string): Iterable<Entry<PodLive>> {
    return this.#made.pods.ownedBy.get(uid);
  }

  /** Pods of a project that no controller owns. */
  orphanPods(project: string): Iterable<Entry<PodLive>> {
    return this.#made.pods.orphansIn.get(project);
  }

  unscheduledPods(): Iterable<Entry<PodLive>> {
    return this.#made.pods.inPhase.get("unscheduled");
  }

  terminatingPods(): Iterable<Entry<PodLive>> {
    return this.#made.pods.inPhase.get("terminating");
  }

  /** Services whose selector chooses the pod. */
  *servicesSelecting({ project, state }: Entry<PodLive>): Generator<Entry<ServiceLive>, void, undefined> {
    const labels = state.pod.metadata?.labels ?? {};
    for (const key in labels) {
      for (const service of this.#made.services.byPair.get(`${project}/${key}=${labels[key]}`)) {
        if (matchesSelector(labels, service.state.object.spec?.selector ?? {})) yield service;
      }
    }
  }

  /** Routes that name the service, whether or not the edge lets them in. */
  routesTo(project: string, service: string): Iterable<Entry<RouteLive>> {
    return this.#made.routes.toService.get(`${project}/${service}`);
  }

  /** Routes of all projects that want this host. */
  routesOnHost(host: string): Iterable<Entry<RouteLive>> {
    return this.#made.routes.onHost.get(host);
  }

  /** Everything live in a project, by kind of stream and name; what is only observed is not counted. */
  objectsIn(project: string): readonly { readonly kind: StreamKind; readonly name: string }[] {
    return STREAM_KINDS.filter((kind) => kind !== "pod-status").flatMap((kind) =>
      [...this.#table(kind).list(project)].map(({ name }) => ({ kind, name })),
    );
  }

  /** Every live object of one kind of stream. */
  entries(kind: StreamKind): Iterable<Entry<AnyState>> {
    return this.#table(kind).list();
  }

  /** What is left of the streams of one kind whose object is gone, as `[project, name, remains]`. */
  remains(kind: StreamKind): Iterable<readonly [string, string, Remains]> {
    return this.#table(kind).allRemains();
  }

  /** Puts one live object back as a snapshot holds it. */
  restoreEntry(kind: StreamKind, entry: Entry<unknown>): void {
    const { state } = entry as Entry<AnyState>;
    const restored =
      kind === "pod" ? this.#templates.share(state as PodLive, controllerUidOf(state as PodLive)) : state;
    this.#table(kind).put({ ...entry, state: restored });
  }

  /** Puts back what a snapshot holds of a stream whose object is gone. */
  restoreRemains(kind: StreamKind, project: string, name: string, remains: Remains): void {
    this.#table(kind).remove(project, name, remains);
  }

  #table(kind: StreamKind): MutableTable<AnyState> {
    // The tables differ in the type of their states only, which no index of this object can express.
    return this.#made.tables[kind] as unknown as MutableTable<AnyState>;
  }

  #remembered(kind: StreamKind, project: string, name: string): AnyState {
    const remains = this.#table(kind).remains(project, name);
    return typeof remains === "object" ? (remains.state as AnyState) : DECIDERS[kind].initial;
  }

  #evolve(kind: StreamKind, earlier: AnyState, event: StoredEvent, project: string, name: string): AnyState {
    // The log holds what deciders decided; `evolve` ignores anything else.
    const state = evolveStream(kind, earlier as never, event as unknown as DomainEvent) as AnyState;
    if (kind === "pod" && event.type === "PodCreated" && state.status === "live") {
      const pod = state as PodLive;
      return this.#templates.share(pod, controllerUidOf(pod));
    }
    if (kind === "pod" && event.type === "PodScheduled") return withoutExplanation(state);
    if (kind === "pod-status" && state.status === "live") {
      const uid = this.pods.get(project, name)?.state.pod.metadata?.uid;
      // A word about a pod that is gone, heard late: the pod of today is not concerned.
      if ((state as PodStatusLive).uid !== uid) return earlier;
    }
    return state;
  }

  #put(
    kind: StreamKind,
    before: Entry<AnyState> | undefined,
    state: AnyState,
    { stream, project, name, event }: { stream: string; project: string; name: string; event: StoredEvent },
  ): void {
    const { version, position } = event;
    if (state.status === "live") {
      // The names of the first event are kept, so that those of every later one can be forgotten.
      this.#table(kind).put(
        before === undefined
          ? { stream, project, name, state, version, position, createdAt: position }
          : { ...before, state, version, position },
      );
      return;
    }
    this.#table(kind).remove(project, name, state === DECIDERS[kind].initial ? version : { version, state });
    if (kind === "pod" && before !== undefined) this.#podGone(before as Entry<PodLive>);
  }

  /** With a pod goes what was observed of it, and with a controller's last pod its template. */
  #podGone({ project, name, state }: Entry<PodLive>): void {
    const observed = this.podStatuses.version(project, name);
    if (observed > 0) this.#table("pod-status").remove(project, name, observed);
    const controller = controllerUidOf(state);
    if (controller !== undefined && this.#made.pods.ownedBy.count(controller) === 0) this.#templates.forget(controller);
  }
}

/** Why a pod was placed stays in its event: for every pod at once it would be most of the state's weight. */
const withoutExplanation = (state: AnyState): AnyState => {
  const { explanation: _explanation, ...rest } = state as PodLive;
  return rest;
};

/** Every kind of stream. */
export const STREAM_KINDS = Object.keys(DECIDERS) as readonly StreamKind[];
