import type { Random } from "@slipway/kernel";

/** A manifest that must be refused, and what was done to it. */
export interface MalformedManifest {
  readonly what: string;
  /** JSON text, which is YAML as well; a truncated one is neither. */
  readonly content: string;
}

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const plain = (value: unknown): Plain | undefined => (isPlain(value) ? value : undefined);
const first = (value: unknown): Plain | undefined => (Array.isArray(value) ? plain(value[0]) : undefined);

/** The pod spec of a Pod or of a controller's template. */
const podSpec = (object: Plain): Plain | undefined => {
  const spec = plain(object.spec);
  if (object.kind === "Pod") return spec;
  return object.kind === "ReplicationController" ? plain(plain(spec?.template)?.spec) : undefined;
};
const container = (object: Plain): Plain | undefined => first(podSpec(object)?.containers);
const specOf = (kind: string) => (object: Plain) => (object.kind === kind ? plain(object.spec) : undefined);
const service = specOf("Service");
const controller = specOf("ReplicationController");
const route = specOf("Route");
const imageStream = specOf("ImageStream");
const buildConfig = specOf("BuildConfig");
const metadata = (object: Plain): Plain | undefined => plain(object.metadata);
const strategy = (object: Plain): Plain | undefined => {
  const { sourceStrategy, dockerStrategy } = plain(buildConfig(object)?.strategy) ?? {};
  return plain(sourceStrategy) ?? plain(dockerStrategy);
};

interface Mutation {
  readonly what: string;
  readonly at: (object: Plain) => Plain | undefined;
  readonly change: (place: Plain, random: Random) => void;
}

const oneOf = <T>(values: readonly T[], random: Random): T => values[Math.floor(random() * values.length)] as T;

const set = (what: string, at: Mutation["at"], field: string, values: readonly unknown[]): Mutation => ({
  what: `${what}: ${field}`,
  at,
  change: (place, random) => {
    place[field] = oneOf(values, random);
  },
});

const drop = (what: string, at: Mutation["at"], field: string): Mutation => ({
  what: `${what}: ${field}`,
  at: (object) => (at(object)?.[field] === undefined ? undefined : at(object)),
  change: (place) => {
    delete place[field];
  },
});

const root = (object: Plain): Plain => object;

const MISSING: readonly Mutation[] = [
  drop("required field dropped", root, "kind"),
  drop("required field dropped", root, "apiVersion"),
  {
    what: "required field dropped: metadata.name",
    at: metadata,
    change: (place) => {
      delete place.name;
      delete place.generateName;
    },
  },
  drop("required field dropped", podSpec, "containers"),
  drop("required field dropped", container, "name"),
  drop("required field dropped", container, "image"),
  drop("required field dropped", (object) => first(container(object)?.ports), "containerPort"),
  drop("required field dropped", (object) => first(container(object)?.volumeMounts), "mountPath"),
  drop("required field dropped", (object) => first(service(object)?.ports), "port"),
  drop("required field dropped", controller, "template"),
  drop("required field dropped", (object) => plain(route(object)?.to), "name"),
  drop("required field dropped", (object) => first(imageStream(object)?.tags), "name"),
  drop("required field dropped", buildConfig, "strategy"),
  drop("required field dropped", buildConfig, "source"),
  drop("required field dropped", (object) => plain(plain(buildConfig(object)?.source)?.git), "uri"),
];

const WRONG_TYPE: readonly Mutation[] = [
  set("wrong type", metadata, "labels", [["a"], "web", 7, { app: 8080 }, { app: true }, { app: ["web"] }]),
  set("wrong type", metadata, "annotations", [["a"], true, { note: {} }]),
  set("wrong type", metadata, "name", [8080, true, ["web"], { a: "b" }]),
  set("wrong type", root, "metadata", ["web", ["web"], 7]),
  set("wrong type", (object) => (plain(object.spec) ? object : undefined), "spec", ["web", ["web"], 7]),
  set("wrong type", podSpec, "containers", [{ name: "web" }, "web", [null], ["web"], 1]),
  set("wrong type", podSpec, "nodeSelector", ["disk", ["disk"], { disk: 1 }]),
  set("wrong type", podSpec, "terminationGracePeriodSeconds", ["30", 1.5, true]),
  set("wrong type", container, "ports", [8080, { containerPort: 8080 }, [8080], [[]]]),
  set("wrong type", container, "command", ["sleep 1", [1], [["sleep"]], { 0: "sleep" }]),
  set("wrong type", container, "env", [{ A: "1" }, ["A=1"], [{ name: "A", value: 1 }], [{ name: "A", value: true }]]),
  set("wrong type", container, "tty", ["yes", 1]),
  set("wrong type", service, "ports", [80, { port: 80 }, [{ port: "80" }], [80]]),
  set("wrong type", service, "selector", ["web", ["web"], { app: 1 }]),
  set("wrong type", controller, "replicas", ["three", "3", 1.5, [3], true]),
  set("wrong type", controller, "template", ["web", ["web"], 3]),
  set("wrong type", route, "to", ["web", ["web"]]),
  set("wrong type", imageStream, "tags", ["latest", { latest: "web" }, ["latest"]]),
  set("wrong type", buildConfig, "source", ["https://example.com/web.git", ["git"]]),
  set("wrong type", strategy, "env", [{ A: "1" }, [{ name: "A", value: 8080 }]]),
];

const LONG = "a".repeat(254);

const BAD_NAME: readonly Mutation[] = [
  set("bad name", metadata, "name", ["Web_1", "-web", "web-", "we b", "web/1", "..", "__proto__", "wéb", LONG, "a..b"]),
  set("bad name", metadata, "labels", [
    { "a b": "c" },
    { a: "b c" },
    { "-a": "b" },
    { a: "b".repeat(64) },
    { "/a": "b" },
  ]),
  set("bad name", container, "name", ["Web", "web_1", "web.1", "a".repeat(64), "-"]),
  set("bad name", container, "env", [
    [{ name: "1A", value: "" }],
    [{ name: "A B" }],
    [{ name: "A=B" }],
    [{ value: "x" }],
  ]),
  set("bad name", podSpec, "hostname", ["Web", "web.example", "-"]),
  set("bad name", podSpec, "volumes", [
    [{ name: "Data", emptyDir: {} }],
    [{ emptyDir: {} }],
    [{ name: "a" }, { name: "a" }],
  ]),
  set("bad name", route, "host", ["-bad.example.com", "Bad Host", "a..b", "http://a.example.com", "*.example.com"]),
  set("bad name", route, "path", ["no-slash", "/with blank", "/a?b"]),
  set("bad name", (object) => plain(buildConfig(object)?.output) && buildConfig(object), "output", [
    { to: { kind: "ImageStreamTag", name: "no-tag" } },
    { to: { kind: "DockerImage", name: "Not A Reference" } },
    { to: { kind: "ImageStreamTag" } },
  ]),
  set("bad name", (object) => plain(plain(buildConfig(object)?.source)?.git), "uri", [
    "nonsense",
    "ext::sh -c id",
    "-u origin",
    "ftp://example.com/web.git",
    "https://",
  ]),
];

const OUT_OF_RANGE: readonly Mutation[] = [
  set("out of range", (object) => first(container(object)?.ports), "containerPort", [0, -1, 65_536, 70_000, 4e9]),
  set("out of range", (object) => first(service(object)?.ports), "port", [0, -1, 65_536, 70_000]),
  set("out of range", (object) => first(service(object)?.ports), "targetPort", [
    70_000,
    -5,
    "NotAPort",
    "a--b",
    "12345",
  ]),
  set("out of range", podSpec, "terminationGracePeriodSeconds", [-1]),
  set("out of range", controller, "replicas", [-1, 3e9]),
  set("out of range", (object) => plain(route(object)?.to), "weight", [-1, 257, 1.5]),
  set("out of range", container, "resources", [
    { limits: { cpu: "10cores" } },
    { limits: { memory: "64 Mi" } },
    { limits: { memory: "-1Mi" } },
    { limits: { cpu: "" } },
    { limits: { bogus: 1 } },
    { requests: { cpu: "2" }, limits: { cpu: "1" } },
    { limits: { cpu: [1] } },
  ]),
  set("out of range", container, "readinessProbe", [
    {},
    { httpGet: { path: "/" } },
    { httpGet: { port: 70_000 } },
    { tcpSocket: { port: 80 }, exec: { command: ["true"] } },
    { tcpSocket: { port: 80 }, periodSeconds: -1 },
    { exec: {} },
  ]),
  set("out of range", buildConfig, "completionDeadlineSeconds", [0, -5]),
];

const UNKNOWN_VALUE: readonly Mutation[] = [
  set("unknown value", root, "kind", ["Foo", "pod", "PODS", 7]),
  set("unknown value", root, "apiVersion", ["othergroup/v2", "v1beta3", "v2", "/", 1]),
  set("unknown value", podSpec, "restartPolicy", ["Sometimes", "always", 1]),
  set("unknown value", podSpec, "dnsPolicy", ["Cluster", "clusterfirst"]),
  set("unknown value", container, "imagePullPolicy", ["Maybe", "always"]),
  set("unknown value", (object) => first(container(object)?.ports), "protocol", ["tcp", "ICMP"]),
  set("unknown value", service, "type", ["Internal", "clusterIP"]),
  set("unknown value", service, "sessionAffinity", ["Cookie", "clientIP"]),
  set("unknown value", service, "clusterIP", ["none", "10.0.0", "999.1.1.1"]),
  set("unknown value", controller, "selector", [{ "no-such-label": "here" }]),
  set("unknown value", (object) => plain(route(object)?.to), "kind", ["Pod", "service"]),
  set("unknown value", route, "wildcardPolicy", ["All"]),
  set("unknown value", buildConfig, "runPolicy", ["Whenever", "serial"]),
  set("unknown value", (object) => plain(buildConfig(object)?.strategy), "type", ["foobar", "docker"]),
  set("unknown value", strategy, "from", [
    { kind: "Floppy", name: "a" },
    { kind: "ImageStreamTag", name: "no-tag" },
    { name: "" },
  ]),
  {
    what: "mount of a volume that is not there",
    at: container,
    change: (place) => {
      place.volumeMounts = [{ name: "no-such-volume", mountPath: "/data" }];
    },
  },
  {
    what: "two containers of one name",
    at: (object) => (container(object) ? podSpec(object) : undefined),
    change: (place) => {
      place.containers = [...(place.containers as unknown[]), (place.containers as unknown[])[0]];
    },
  },
];

const MUTATIONS = [...MISSING, ...WRONG_TYPE, ...BAD_NAME, ...OUT_OF_RANGE, ...UNKNOWN_VALUE];

/** Changes of the text that leave no valid JSON or YAML, or a key twice. */
const TEXT: readonly { readonly what: string; readonly change: (text: string, random: Random) => string }[] = [
  {
    what: "text truncated",
    // At least the last brace is missing, and at least the first key is there.
    change: (text, random) => text.slice(0, 20 + Math.floor(random() * (text.trimEnd().length - 21))),
  },
  { what: "key twice", change: (text) => text.replace("{", '{ "kind": "Pod",') },
  { what: "colon lost", change: (text) => text.replace('"metadata":', '"metadata"') },
  { what: "quote lost", change: (text) => text.replace('"apiVersion": "', '"apiVersion": ') },
  { what: "two documents in one", change: (text) => `${text.trimEnd()}]` },
];

/**
 * A copy of a valid manifest (one object of Pod, Service, ReplicationController, Route, ImageStream, BuildConfig or
 * Project, without defaults needed) with one thing wrong, chosen by `random`. Whatever comes out must be refused.
 */
export const mutateManifest = (manifest: Readonly<Record<string, unknown>>, random: Random): MalformedManifest => {
  const text = (object: Plain): string => `${JSON.stringify(object, null, 2)}\n`;
  if (random() < 0.15) {
    const { what, change } = oneOf(TEXT, random);
    const { kind, apiVersion, metadata: meta, ...rest } = structuredClone(manifest) as Plain;
    return { what, content: change(text({ kind, apiVersion, metadata: meta, ...rest }), random) };
  }
  const object = structuredClone(manifest) as Plain;
  const possible = MUTATIONS.filter((mutation) => mutation.at(object) !== undefined);
  const mutation = oneOf(possible, random);
  const place = mutation.at(object);
  if (place) mutation.change(place, random);
  return { what: mutation.what, content: text(object) };
};
