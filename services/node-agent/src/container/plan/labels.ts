import type { PodJson } from "@slipway/proto";

/** Labels on everything that the agent makes on its engine: with them alone a restarted agent finds its own again. */
export const LABEL = {
  instance: "slipway.instance",
  node: "slipway.node",
  podUid: "slipway.pod.uid",
  podName: "slipway.pod.name",
  project: "slipway.project",
  container: "slipway.container",
  /** `sandbox` or `app`. */
  role: "slipway.role",
  /** How often the container (or the sandbox) of this pod was made before. */
  restartCount: "slipway.restart-count",
  /** How many quick ends came before, one after another: the back-off goes on from there. */
  backoffStep: "slipway.backoff-step",
  /** Of the container's wish: another hash means that the running container is outdated. */
  specHash: "slipway.spec-hash",
  /** The image as the pod names it: the container itself is made from its id. */
  image: "slipway.image",
  /** The sandbox that it was joined to. */
  sandbox: "slipway.sandbox",
  stopSignal: "slipway.stop-signal",
} as const;

/** Whose engine it is: several agents may share a machine, each with its own instance or node name. */
export interface AgentIdentity {
  readonly instance: string;
  readonly node: string;
}

/** What the agent lists and watches by. */
export const ownLabels = ({ instance, node }: AgentIdentity): Record<string, string> => ({
  [LABEL.instance]: instance,
  [LABEL.node]: node,
});

export const podLabels = (identity: AgentIdentity, pod: PodJson): Record<string, string> => ({
  ...ownLabels(identity),
  [LABEL.podUid]: pod.metadata?.uid ?? "",
  [LABEL.podName]: pod.metadata?.name ?? "",
  [LABEL.project]: pod.metadata?.namespace ?? "",
});

/** The same for the same attempt, so that making it twice is refused by the engine and harmless. */
export const containerName = (instance: string, uid: string, container: string, restartCount: number): string =>
  `slipway-${instance}-${uid}-${container}-${restartCount}`;

/** No container can be called so: names of containers hold no dot. */
export const sandboxName = (instance: string, uid: string, count: number): string =>
  `slipway-${instance}-${uid}-sandbox.${count}`;
