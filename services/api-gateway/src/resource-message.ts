import { fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import { KINDS, type KindInfo } from "@slipway/domain";
import { type Resource, ResourceSchema } from "@slipway/proto";

/** `ReplicationController` -> `replicationController`: the field of the message that carries a kind. */
const fieldOf = (kind: string): string => `${kind[0]?.toLowerCase() ?? ""}${kind.slice(1)}`;

const KIND_OF_FIELD = new Map((KINDS as readonly KindInfo[]).map((info) => [fieldOf(info.kind), info]));

/** The message that carries an object. What the message does not have stays behind. */
export const resourceMessage = (object: { readonly kind?: string }): Resource =>
  fromJson(ResourceSchema, { [fieldOf(object.kind ?? "")]: object as JsonObject }, { ignoreUnknownFields: true });

/**
 * The object that a message carries, as plain JSON; undefined when it carries none. Its kind stands in the message's
 * shape, so callers may leave `kind` and `api_version` out.
 */
export const objectOfMessage = (resource: Resource): JsonObject | undefined => {
  const [entry] = Object.entries(toJson(ResourceSchema, resource) as Record<string, JsonObject>);
  if (entry === undefined) return undefined;
  const [field, object] = entry;
  const info = KIND_OF_FIELD.get(field);
  return info === undefined ? object : { apiVersion: info.apiVersions[0] ?? "", kind: info.kind, ...object };
};
