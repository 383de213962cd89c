import { SlipwayError } from "@slipway/kernel";
import type { PodJson } from "@slipway/proto";

/** What the node knows about a pod by the time that its containers are made. */
export interface PodFacts {
  readonly pod: PodJson;
  readonly node: string;
  readonly podIP: string;
  readonly hostIP: string;
}

/** The value of a `fieldRef`; `Invalid` for a path that a container may not ask for. */
export const fieldRefValue = (path: string, { pod, node, podIP, hostIP }: PodFacts): string => {
  const metadata = pod.metadata ?? {};
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (keyed !== null) {
    const values = keyed[1] === "labels" ? metadata.labels : metadata.annotations;
    return values?.[keyed[2] ?? ""] ?? "";
  }
  switch (path) {
    case "metadata.name":
      return metadata.name ?? "";
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid ?? "";
    case "spec.nodeName":
      return node;
    case "spec.serviceAccountName":
      return "default";
    case "status.podIP":
    case "status.podIPs":
      return podIP;
    case "status.hostIP":
    case "status.hostIPs":
      return hostIP;
    default:
      throw new SlipwayError("Invalid", `The field path "${path}" is not one that a container can ask for.`, {
        fields: { path },
      });
  }
};
