/** What is fixed about a kind: its names, where its objects live and which streams hold them. */
export interface KindInfo {
  readonly kind: string;
  /** The first one is what we answer with. */
  readonly apiVersions: readonly string[];
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** First part of the stream's name. */
  readonly stream: string;
  /** Derived kinds are read, never applied. */
  readonly derived?: true;
}

/** Every kind served, in the order in which a List of them is applied. */
export const KINDS = [
  {
    kind: "Project",
    apiVersions: ["project.openshift.io/v1", "v1"],
    plural: "projects",
    shortNames: ["proj", "ns", "namespace", "namespaces"],
    namespaced: false,
    stream: "project",
  },
  { kind: "Node", apiVersions: ["v1"], plural: "nodes", shortNames: ["no"], namespaced: false, stream: "node" },
  {
    kind: "ImageStream",
    apiVersions: ["image.openshift.io/v1", "v1"],
    plural: "imagestreams",
    shortNames: ["is"],
    namespaced: true,
    stream: "imagestream",
  },
  {
    kind: "BuildConfig",
    apiVersions: ["build.openshift.io/v1", "v1"],
    plural: "buildconfigs",
    shortNames: ["bc"],
    namespaced: true,
    stream: "buildconfig",
  },
  {
    kind: "Build",
    apiVersions: ["build.openshift.io/v1", "v1"],
    plural: "builds",
    shortNames: [],
    namespaced: true,
    stream: "build",
  },
  {
    kind: "Service",
    apiVersions: ["v1"],
    plural: "services",
    shortNames: ["svc"],
    namespaced: true,
    stream: "service",
  },
  {
    kind: "Endpoints",
    apiVersions: ["v1"],
    plural: "endpoints",
    shortNames: ["ep"],
    namespaced: true,
    stream: "endpoints",
    derived: true,
  },
  {
    kind: "ReplicationController",
    apiVersions: ["v1"],
    plural: "replicationcontrollers",
    shortNames: ["rc"],
    namespaced: true,
    stream: "replicationcontroller",
  },
  { kind: "Pod", apiVersions: ["v1"], plural: "pods", shortNames: ["po"], namespaced: true, stream: "pod" },
  {
    kind: "Route",
    apiVersions: ["route.openshift.io/v1", "v1"],
    plural: "routes",
    shortNames: [],
    namespaced: true,
    stream: "route",
  },
] as const satisfies readonly KindInfo[];

export type Kind = (typeof KINDS)[number]["kind"];

const byName = new Map<string, KindInfo>();
for (const info of KINDS as readonly KindInfo[]) {
  for (const name of [info.kind, info.plural, info.stream, ...info.shortNames]) byName.set(name.toLowerCase(), info);
}

/** Finds a kind by any of its names, in any case: `Pod`, `pods`, `po`. */
export const findKind = (name: string): KindInfo | undefined => byName.get(name.toLowerCase());
