import { fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import { type Resource, ResourceSchema } from "@slipway/proto";

const fieldOf = (kind: string): string => `${kind[0]?.toLowerCase() ?? ""}${kind.slice(1)}`;

/** The message that carries an object. What the message does not have stays behind. */
export const resourceMessage = (object: { readonly kind?: string }): Resource =>
  fromJson(ResourceSchema, { [fieldOf(object.kind ?? "")]: object as JsonObject }, { ignoreUnknownFields: true });

/** The object that a message carries, as plain JSON; undefined when it carries none. */
export const objectOfMessage = (resource: Resource): JsonObject | undefined => {
  const [object] = Object.values(toJson(ResourceSchema, resource) as Record<string, JsonObject>);
  return object;
};
