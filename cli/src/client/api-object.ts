import { toJson } from "@bufbuild/protobuf";
import { type Resource, ResourceSchema } from "@slipway/proto";

/** An object as JSON, in the shape of a manifest; the parts that every table needs have types. */
export interface ApiObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Takes the object out of the message that carried it. */
export const objectOf = (resource: Resource | undefined): ApiObject => {
  if (resource === undefined) return {};
  // The JSON of a oneof has exactly one field, named after the kind.
  const [object] = Object.values(toJson(ResourceSchema, resource) as Record<string, ApiObject>);
  return object ?? {};
};

/** `pod/web-1`: how an object is named in messages and by `-o name`. */
export const nameOf = (object: ApiObject): string =>
  `${(object.kind ?? "").toLowerCase()}/${object.metadata?.name ?? ""}`;
