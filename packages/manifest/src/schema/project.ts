import type { ProjectJson } from "@slipway/proto";
import { dnsLabel } from "../format/names.ts";
import { later, object, serverOwned, string } from "./field.ts";
import { metadata } from "./meta.ts";

/** Project, and Namespace, which is read as one. */
export const project = object<ProjectJson>({
  apiVersion: string(),
  kind: string(),
  metadata: metadata(dnsLabel),
  spec: object({ finalizers: later(["kubernetes"], ["openshift.io/origin", "kubernetes"], ["openshift.io/origin"]) }),
  status: serverOwned(),
});
