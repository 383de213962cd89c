import { DECIDERS, type DomainEvent, EVENT_TYPES, evolveStream, type StreamKind } from "@slipway/domain";
import { isSlipwayError, type StoredEvent } from "@slipway/kernel";
import type {
  ContainerJson,
  ObjectMetaJson,
  OwnerReferenceJson,
  PodJson,
  PodSpecJson,
  ServicePortJson,
} from "@slipway/proto";
import fc from "fast-check";

/** The commands of the objects of one kind of stream. */
export type CommandOf<K extends StreamKind> = Parameters<(typeof DECIDERS)[K]["decide"]>[0];

type Typed = { readonly type: string };

/** One arbitrary for each type of command, so that the compiler asks for a new command's. */
type ByType<C extends Typed> = { readonly [T in C["type"]]: fc.Arbitrary<Omit<Extract<C, { type: T }>, "type">> };

const anyOf = <C extends Typed>(table: ByType<C>): fc.Arbitrary<C> =>
  fc.oneof(
    ...Object.entries(table).map(([type, fields]) =>
      // The table's type says that a command is its type and the fields that stand beside it.
      (fields as fc.Arbitrary<object>).map((rest) => ({ type, ...rest }) as unknown as C),
    ),
  );

// Few values for everything, so that commands meet each other's objects.
const START = Date.UTC(2026, 0, 1);
const uid = fc.constantFrom("u1", "u2", "u3");
const at = fc.integer({ min: 0, max: 3_600 }).map((seconds) => new Date(START + seconds * 1000).toISOString());
const node = fc.constantFrom("n1", "n2");
const container = fc.constantFrom("web", "side");
const labels = fc.dictionary(fc.constantFrom("app", "tier"), fc.constantFrom("a", "b"), { noNullPrototype: true });
const words = fc.constantFrom("", "x", "y");
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** Without the members that are undefined, as JSON has it. */
const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K] | undefined> }): fc.Arbitrary<T> =>
  fc.record(model as { [K in keyof T]: fc.Arbitrary<T[K]> }).map((value) => compact(value) as unknown as T);

const owner = fc.constantFrom("r1", "r2").map(
  (name): OwnerReferenceJson => ({
    apiVersion: "v1",
    kind: "ReplicationController",
    name,
    uid: name,
    controller: true,
  }),
);

const metadata = record<ObjectMetaJson>({
  uid,
  labels: optional(labels),
  annotations: optional(labels),
  ownerReferences: optional(owner.map((one) => [one])),
  creationTimestamp: at,
});

const object = <S>(spec: fc.Arbitrary<S>) => fc.record({ metadata, spec });

const podSpec: fc.Arbitrary<PodSpecJson> = record<PodSpecJson>({
  containers: fc.uniqueArray(
    record<ContainerJson>({
      name: container,
      image: fc.constantFrom("i:1", "i:2"),
      ports: fc.constantFrom(undefined, [{ name: "http", containerPort: 8080 }]),
    }),
    { minLength: 1, maxLength: 2, selector: ({ name }) => name },
  ),
  terminationGracePeriodSeconds: optional(fc.constantFrom(5, 60)),
});

const pod: fc.Arbitrary<PodJson> = object(podSpec);
const explanation = fc.constant({ nodesEvaluated: 1 });

const service = object(
  fc.record({
    selector: labels,
    clusterIP: fc.constantFrom("", "None", "10.0.0.1"),
    ports: fc.constantFrom<ServicePortJson[]>([{ port: 80, targetPort: "http" }], [{ name: "s", port: 81 }]),
  }),
);

const route = object(
  record({
    host: fc.constantFrom("", "a.example.com", "b.example.com"),
    path: optional(fc.constantFrom("/", "/x")),
    to: fc.constantFrom({ kind: "Service", name: "a" }, { kind: "Service", name: "b", weight: 1 }),
  }),
);

const controller = object(
  record({
    replicas: optional(fc.integer({ min: 0, max: 3 })),
    selector: labels,
    minReadySeconds: optional(fc.constant(5)),
  }),
);

const create = <T>(wished: fc.Arbitrary<T>) => fc.record({ object: wished });
const remove = record<{ uid?: string }>({ uid: optional(uid) });

type ObservedEvent = CommandOf<"pod-status">["events"][number];

/** The facts that an agent reports of a pod, each with how often it is drawn; uid and time come with the report. */
const OBSERVED: { readonly [T in ObservedEvent["type"]]: readonly [number, fc.Arbitrary<object>] } = {
  PodSandboxStarted: [
    2,
    fc.record({ sandboxId: fc.constantFrom("s1", "s2", "s3"), podIP: fc.constantFrom("10.1.0.1", "10.1.0.2"), node }),
  ],
  PodSandboxLost: [1, fc.record({ node, reason: words })],
  ContainerWaiting: [
    3,
    fc.record({ container, reason: fc.constantFrom("ContainerCreating", "CrashLoopBackOff"), message: words }),
  ],
  ContainerStarted: [
    6,
    fc.record({ container, containerID: fc.constantFrom("c1", "c2", "c3"), image: words, restartCount: fc.nat(2) }),
  ],
  ContainerExited: [
    4,
    fc.record({ container, containerID: fc.constantFrom("c1", "c2", "c3"), exitCode: fc.nat(2), reason: words }),
  ],
  ContainerReady: [4, fc.record({ container })],
  ContainerNotReady: [3, fc.record({ container, reason: words })],
  PodSucceeded: [1, fc.constant({})],
  PodFailed: [1, fc.record({ reason: words, message: words })],
  PodStopped: [1, fc.record({ node })],
};

const observedFact = fc.oneof(
  ...Object.entries(OBSERVED).map(([type, [weight, data]]) => ({
    weight,
    arbitrary: data.map((fact) => ({ type, fact })),
  })),
);

/** What an agent saw of one pod, in order, at times that go on. No container starts after it has ended. */
const report = fc
  .record({ uid, from: fc.nat(10), facts: fc.array(observedFact, { minLength: 1, maxLength: 8 }) })
  .map(({ uid: of, from, facts }): Omit<CommandOf<"pod-status">, "type"> => {
    const events = facts.map(({ type, fact }, index) => {
      const time = new Date(START + (from + index) * 1000).toISOString();
      const when = type === "ContainerExited" ? { startedAt: time, finishedAt: time } : { at: time };
      // The table has a fact for each of these types.
      return { type, data: { uid: of, ...fact, ...when } } as ObservedEvent;
    });
    const ended = new Set<unknown>();
    return {
      uid: of,
      events: events.filter(({ type, data }) => {
        const id = "containerID" in data ? data.containerID : undefined;
        if (type === "ContainerExited") ended.add(id);
        return type !== "ContainerStarted" || !ended.has(id);
      }),
    };
  });

const build = fc.record({ metadata, spec: fc.constant({}) });
const version = fc.integer({ min: 1, max: 4 });

/** Commands of every kind, made of few values, so that they concern each other's objects. */
export const COMMANDS: { readonly [K in StreamKind]: fc.Arbitrary<CommandOf<K>> } = {
  project: anyOf<CommandOf<"project">>({
    CreateProject: create(fc.record({ metadata })),
    ApplyProject: create(fc.record({ metadata })),
    RequestProjectDeletion: record({ uid: optional(uid), at }),
    FinishProjectDeletion: fc.constant({}),
  }),
  pod: anyOf<CommandOf<"pod">>({
    CreatePod: fc.record({ pod }),
    ApplyPod: fc.record({ pod }),
    SchedulePod: fc.record({ uid, node, explanation }),
    MarkPodUnschedulable: fc.record({ uid, message: words, explanation }),
    AdoptPod: fc.record({ uid, owner }),
    ReleasePod: fc.record({ uid, ownerUid: fc.constantFrom("r1", "r2"), reason: words }),
    RequestPodDeletion: record({
      uid: optional(uid),
      gracePeriodSeconds: optional(fc.constantFrom(0, 10, 30)),
      at,
      reason: fc.constantFrom("Deleted", "ScaledDown"),
    }),
    FinishPodDeletion: fc.record({ uid, reason: words }),
  }),
  "pod-status": anyOf<CommandOf<"pod-status">>({ ObservePod: report }),
  service: anyOf<CommandOf<"service">>({
    CreateService: create(service),
    ApplyService: create(service),
    DeleteService: remove,
  }),
  "service-ip": anyOf<CommandOf<"service-ip">>({
    ClaimServiceAddress: fc.record({ holder: fc.constantFrom("service/p/a", "service/p/b") }),
    ReleaseServiceAddress: fc.record({ holder: fc.constantFrom("service/p/a", "service/p/b") }),
  }),
  replicationcontroller: anyOf<CommandOf<"replicationcontroller">>({
    CreateReplicationController: create(controller),
    ApplyReplicationController: create(controller),
    DeleteReplicationController: remove,
    ScaleReplicationController: record({
      uid: optional(uid),
      replicas: fc.integer({ min: -1, max: 3 }),
      expected: optional(fc.nat(3)),
    }),
  }),
  node: anyOf<CommandOf<"node">>({
    RegisterNode: fc.record({ node: fc.record({ metadata, status: fc.constantFrom({}, { capacity: { cpu: "2" } }) }) }),
    ReportNodeReady: fc.record({ at }),
    ReportNodeUnreachable: fc.record({ at, lastHeartbeat: at }),
    CordonNode: record({ reason: optional(words) }),
    UncordonNode: fc.constant({}),
    DeleteNode: remove,
  }),
  buildconfig: anyOf<CommandOf<"buildconfig">>({
    CreateBuildConfig: create(object(fc.constantFrom({}, { runPolicy: "Parallel" }))),
    ApplyBuildConfig: create(object(fc.constantFrom({}, { runPolicy: "Parallel" }))),
    DeleteBuildConfig: remove,
    InstantiateBuildConfig: fc.record({ number: version, build: fc.constantFrom("b-1", "b-2") }),
  }),
  build: anyOf<CommandOf<"build">>({
    RequestBuild: fc.record({ build }),
    StartBuild: record({ uid, builder: fc.constantFrom("b1", "b2"), at, retake: optional(fc.boolean()) }),
    StartBuildStage: fc.record({ uid, stage: fc.constantFrom("FetchInputs", "PullImages", "Build"), at }),
    RecordBuildSource: fc.record({
      uid,
      revision: fc.constantFrom({}, { git: { commit: "a" } }, { git: { commit: "b" } }),
    }),
    CancelBuild: record({ uid: optional(uid), at }),
    FinishCancelledBuild: record({ uid, at, logSnippet: optional(words) }),
    FailBuild: fc.record({ uid, reason: words, message: words, logSnippet: words, at }),
    SucceedBuild: fc.record({ uid, dockerImageReference: words, imageDigest: words, at }),
    DeleteBuild: remove,
  }),
  imagestream: anyOf<CommandOf<"imagestream">>({
    CreateImageStream: create(object(fc.constant({}))),
    ApplyImageStream: create(object(fc.constantFrom({}, { lookupPolicy: { local: true } }))),
    DeleteImageStream: remove,
    TagImage: fc.record({
      tag: fc.constantFrom("latest", "v1", "__proto__"),
      dockerImageReference: words,
      image: fc.constantFrom("sha256:1", "sha256:2"),
      cause: words,
      at,
    }),
  }),
  route: anyOf<CommandOf<"route">>({
    CreateRoute: create(route),
    ApplyRoute: create(route),
    DeleteRoute: remove,
  }),
};

export const STREAM_KINDS = Object.keys(COMMANDS) as readonly StreamKind[];

/** A command for some object of some project. */
export interface Step {
  readonly kind: StreamKind;
  readonly stream: string;
  readonly command: Typed;
}

const CLUSTER_SCOPED: ReadonlySet<StreamKind> = new Set<StreamKind>(["project", "node", "service-ip"]);

const NAMES: Partial<Record<StreamKind, readonly string[]>> = { node: ["n1", "n2"], project: ["p", "q"] };

const stepOf = (kind: StreamKind): fc.Arbitrary<Step> =>
  fc
    .record({
      project: CLUSTER_SCOPED.has(kind) ? fc.constant("_") : fc.constantFrom("p", "q"),
      name: fc.constantFrom(...(NAMES[kind] ?? ["a", "b", "c"])),
      command: COMMANDS[kind] as fc.Arbitrary<Typed>,
    })
    .map(({ project, name, command }) => ({ kind, stream: `${kind}/${project}/${name}`, command }));

/** Commands for many objects, most of them about pods. */
export const steps = (maxLength = 120): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(...STREAM_KINDS.map((kind) => ({ weight: kind.startsWith("pod") ? 5 : 1, arbitrary: stepOf(kind) }))),
    { maxLength, size: "max" },
  );

/** The log that these commands make: each is decided on the events before it, and a refused one leaves nothing. */
export const historyOf = (taken: readonly Step[]): readonly StoredEvent[] => {
  const streams = new Map<string, { state: never; version: number }>();
  const log: StoredEvent[] = [];
  for (const { kind, stream, command } of taken) {
    const { initial, decide } = DECIDERS[kind] as unknown as {
      initial: never;
      decide: (command: Typed, state: never) => readonly DomainEvent[];
    };
    let { state, version } = streams.get(stream) ?? { state: initial, version: 0 };
    for (const event of unlessRefused(() => decide(command, state))) {
      state = evolveStream(kind, state, event) as never;
      version++;
      const position = log.length + 1;
      log.push({
        ...event,
        id: `00000000-0000-4000-8000-${String(position).padStart(12, "0")}`,
        position,
        stream,
        version,
        meta: { actor: "test" },
        recordedAt: new Date(START + position).toISOString(),
      });
    }
    streams.set(stream, { state, version });
  }
  return log;
};

/** What a decision answers; nothing when it refuses. */
export const unlessRefused = (decide: () => readonly DomainEvent[]): readonly DomainEvent[] => {
  try {
    return decide();
  } catch (error) {
    if (isSlipwayError(error) && error.class === "Refused") return [];
    throw error;
  }
};

const MEMBERS = [
  ...[
    "uid",
    "pod",
    "service",
    "project",
    "route",
    "node",
    "build",
    "buildConfig",
    "imageStream",
    "replicationController",
  ],
  ...[
    "metadata",
    "spec",
    "labels",
    "ownerReferences",
    "containers",
    "selector",
    "ports",
    "container",
    "owner",
    "tag",
    "at",
  ],
];

const anything: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; members: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, -1, "", "u1", "__proto__"),
    fc.array(tie("value"), { maxLength: 2 }),
    tie("members"),
  ),
  members: fc.dictionary(fc.constantFrom(...MEMBERS), tie("value"), { maxKeys: 4, noNullPrototype: true }),
})).value;

/** Events as no decider would write them: any type, any data. */
export const garbageEvent: fc.Arbitrary<DomainEvent> = fc
  .record({ type: fc.constantFrom<string>(...EVENT_TYPES, "NeverHeardOf", "constructor"), data: anything })
  .map((event) => event as DomainEvent);
