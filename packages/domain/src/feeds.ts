import type { PodJson } from "@slipway/proto";

/** What a node must run: the value of `ASSIGNMENTS` at {node, uid}. A tombstone means that the pod is gone for good. */
export interface AssignmentValue {
  /** With `metadata.uid` and `spec.nodeName`; without status. */
  readonly pod: PodJson;
  /** The pod is to end: stop it within its grace, remove everything of it, report `PodStopped`. */
  readonly deletion?: {
    /** 0: at once. */
    readonly gracePeriodSeconds: number;
    /** RFC 3339: when deletion was asked for. */
    readonly at: string;
    /** Deleted, ScaledDown, OwnerDeleted, ProjectDeleted, NodeLost. */
    readonly reason: string;
  };
  /** Of the wish that made the pod. */
  readonly correlation?: string;
}

/** One port of a service, as its address offers it. */
export interface ServicePortValue {
  /** Empty when the service has one port without a name. */
  readonly name: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** One pod behind a service. */
export interface EndpointValue {
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly ip: string;
  /** Only ready ones get traffic. */
  readonly ready: boolean;
  /** Keyed by the service port's name, or by its number as text when it has none: the pod's port, names resolved. */
  readonly ports: Readonly<Record<string, number>>;
}

/** A route that leads to the service. */
export interface ServiceRouteValue {
  readonly name: string;
  readonly host: string;
  /** Empty or `/`: all paths. */
  readonly path: string;
  /** 0 to 256, against other services behind the same host and path. */
  readonly weight: number;
  /** Which of the service's ports; absent: the first one. */
  readonly portName?: string;
  readonly port?: number;
}

/** Where a service's traffic goes now: the value of `ENDPOINTS` at {project, service}. A tombstone means that it is gone. */
export interface EndpointsValue {
  readonly project: string;
  readonly service: string;
  readonly uid: string;
  /** Empty for a headless service. */
  readonly clusterIP: string;
  /** `None` (default) or `ClientIP`. */
  readonly sessionAffinity?: string;
  readonly ports: readonly ServicePortValue[];
  readonly endpoints: readonly EndpointValue[];
  readonly routes: readonly ServiceRouteValue[];
  /** The log position that it was computed at. */
  readonly position: number;
}

/** The data of a report `pod`: what a node saw of one pod, in order. */
export interface PodReportValue {
  readonly project: string;
  readonly name: string;
  readonly uid: string;
  readonly events: readonly { readonly id: string; readonly type: string; readonly data: unknown }[];
}
