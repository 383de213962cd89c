import { fromJson, type JsonObject } from "@bufbuild/protobuf";
import { type Resource, ResourceSchema } from "@slipway/proto";

/** Half an hour before the `NOW` of `runCli`. */
const CREATED = "2026-03-01T11:40:00Z";

const resource = (field: string, object: JsonObject): Resource =>
  fromJson(ResourceSchema, { [field]: object }, { ignoreUnknownFields: true });

const metadata = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  namespace: "demo",
  uid: `uid-${name}`,
  creationTimestamp: CREATED,
  ...more,
});

/** A pod with one container that runs, as the API tells it; `status` replaces its whole status. */
export const pod = (name: string, status?: JsonObject, more: JsonObject = {}): Resource =>
  resource("pod", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(name, more),
    spec: { nodeName: "n1", containers: [{ name: "web", image: "web:1" }] },
    status: status ?? {
      phase: "Running",
      podIP: "10.90.0.2",
      containerStatuses: [{ name: "web", ready: true, restartCount: 0, state: { running: {} } }],
    },
  });

export const project = (name: string): Resource =>
  resource("project", {
    apiVersion: "project.openshift.io/v1",
    kind: "Project",
    metadata: { name, creationTimestamp: CREATED },
    status: { phase: "Active" },
  });

export const service = (name: string): Resource =>
  resource("service", {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(name),
    spec: { clusterIP: "10.96.0.7", ports: [{ port: 80 }], selector: { app: name } },
  });

export const controller = (name: string, replicas = 1): Resource =>
  resource("replicationController", {
    apiVersion: "v1",
    kind: "ReplicationController",
    metadata: metadata(name),
    spec: { replicas, selector: { app: name } },
    status: { replicas, readyReplicas: replicas },
  });

export const build = (name: string, status: JsonObject): Resource =>
  resource("build", {
    apiVersion: "build.openshift.io/v1",
    kind: "Build",
    metadata: metadata(name),
    spec: { strategy: { type: "Source" }, source: { type: "Git", git: { uri: "https://example.com/web.git" } } },
    status,
  });

export const buildConfig = (name: string, uri = "https://example.com/web.git", lastVersion = 0): Resource =>
  resource("buildConfig", {
    apiVersion: "build.openshift.io/v1",
    kind: "BuildConfig",
    metadata: metadata(name),
    spec: { strategy: { type: "Source" }, source: { type: "Git", git: { uri } } },
    status: { lastVersion },
  });
