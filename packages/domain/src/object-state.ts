import type { ObjectMetaJson } from "@slipway/proto";

/** What every object of the platform has. */
export interface ApiObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMetaJson;
  spec?: unknown;
}

/** An object that is there. */
export interface ObjectLive<T extends ApiObject> {
  readonly status: "live";
  /** As wished and completed by the server; without a status, which is derived. */
  readonly object: T;
}

/** An object that is not there: never made, or removed. */
export interface ObjectAbsent {
  readonly status: "absent";
}

export type ObjectState<T extends ApiObject> = ObjectLive<T> | ObjectAbsent;

export const ABSENT: ObjectAbsent = { status: "absent" };
