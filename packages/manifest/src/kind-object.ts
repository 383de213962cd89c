import type {
  BuildConfigJson,
  BuildJson,
  ImageStreamJson,
  NodeJson,
  ObjectMetaJson,
  PodJson,
  ProjectJson,
  ReplicationControllerJson,
  RouteJson,
  ServiceJson,
} from "@slipway/proto";
import type { ManifestKind } from "./schema/registry.ts";

interface Shapes extends Record<ManifestKind, object> {
  Project: ProjectJson;
  Node: NodeJson;
  ImageStream: ImageStreamJson;
  BuildConfig: BuildConfigJson;
  Build: BuildJson;
  Service: ServiceJson;
  ReplicationController: ReplicationControllerJson;
  Pod: PodJson;
  Route: RouteJson;
}

/** Any object that a manifest may hold; `kind` tells which. */
export type KindObject = {
  [K in ManifestKind]: Shapes[K] & { kind: K; apiVersion: string; metadata: ObjectMetaJson };
}[ManifestKind];
