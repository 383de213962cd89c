import type { NodeJson, NodeSpecJson } from "@slipway/proto";
import { boolean, later, object, serverOwned, string } from "./field.ts";
import { metadata } from "./meta.ts";

/** Node. */
export const node = object<NodeJson>({
  apiVersion: string(),
  kind: string(),
  metadata: metadata(),
  spec: object<NodeSpecJson>({
    podCIDR: string(),
    unschedulable: boolean(),
    podCIDRs: serverOwned(),
    externalID: serverOwned(),
    providerID: serverOwned(),
    taints: later(),
    configSource: later(),
  }),
  status: serverOwned(),
});
