import type { Kind } from "@slipway/domain";
import { build, buildConfig } from "./build.ts";
import type { ObjectField } from "./field.ts";
import { imageStream } from "./image-stream.ts";
import { node } from "./node.ts";
import { pod } from "./pod.ts";
import { project } from "./project.ts";
import { replicationController } from "./replication-controller.ts";
import { route } from "./route.ts";
import { service } from "./service.ts";

/** Kinds that a manifest may hold. `Endpoints` are derived: read, never applied. */
export type ManifestKind = Exclude<Kind, "Endpoints">;

const SCHEMAS: Readonly<Record<ManifestKind, ObjectField>> = {
  Project: project,
  Node: node,
  ImageStream: imageStream,
  BuildConfig: buildConfig,
  Build: build,
  Service: service,
  ReplicationController: replicationController,
  Pod: pod,
  Route: route,
};

/** The kinds that have a schema, in the order in which a List of them is applied. */
export const MANIFEST_KINDS = Object.keys(SCHEMAS) as readonly ManifestKind[];

/** Every field that objects of this kind are known to have. */
export const schemaOf = (kind: ManifestKind): ObjectField => SCHEMAS[kind];
