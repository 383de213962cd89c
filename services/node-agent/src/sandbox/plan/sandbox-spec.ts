import type { ContainerSpec } from "@slipway/containers";
import type { PodJson } from "@slipway/proto";
import { type AgentIdentity, LABEL, podLabels, sandboxName } from "../../container/plan/labels.ts";

/** A host name holds 63 characters at most. */
export const podHostname = (pod: PodJson): string =>
  (pod.spec?.hostname || pod.metadata?.name || "").slice(0, 63).replace(/[-.]+$/, "");

/** The last to be killed: with it the whole pod would have to start anew. */
const SANDBOX_OOM_SCORE_ADJ = -998;

/** The container that holds a pod's network and shared memory and does nothing else. */
export const sandboxSpec = (
  identity: AgentIdentity,
  pod: PodJson,
  options: {
    readonly count: number;
    readonly image: string;
    readonly network: string;
    readonly minOomScoreAdj: number;
  },
): ContainerSpec => ({
  name: sandboxName(identity.instance, pod.metadata?.uid ?? "", options.count),
  image: options.image,
  hostname: podHostname(pod),
  labels: { ...podLabels(identity, pod), [LABEL.role]: "sandbox", [LABEL.restartCount]: String(options.count) },
  network: { type: "network", name: options.network },
  ipcMode: "shareable",
  resources: { cpuShares: 2 },
  oomScoreAdj: Math.max(options.minOomScoreAdj, SANDBOX_OOM_SCORE_ADJ),
  stopSignal: "SIGKILL",
  log: { driver: "none" },
});
