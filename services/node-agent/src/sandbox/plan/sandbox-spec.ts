import type { ContainerSpec } from "@slipway/containers";
import type { PodJson } from "@slipway/proto";
import { type AgentIdentity, LABEL, podLabels, sandboxName } from "../../container/plan/labels.ts";

/** A host name holds 63 characters at most. */
export const podHostname = (pod: PodJson): string =>
  (pod.spec?.hostname || pod.metadata?.name || "").slice(0, 63).replace(/[-.]+$/, "");

/** The container that holds a pod's network and shared memory and does nothing else. */
export const sandboxSpec = (
  identity: AgentIdentity,
  pod: PodJson,
  options: { readonly count: number; readonly image: string; readonly network: string },
): ContainerSpec => ({
  name: sandboxName(identity.instance, pod.metadata?.uid ?? "", options.count),
  image: options.image,
  hostname: podHostname(pod),
  labels: { ...podLabels(identity, pod), [LABEL.role]: "sandbox", [LABEL.restartCount]: String(options.count) },
  network: { type: "network", name: options.network },
  ipcMode: "shareable",
  resources: { cpuShares: 2 },
  oomScoreAdj: -998,
  stopSignal: "SIGKILL",
  log: { driver: "none" },
});
