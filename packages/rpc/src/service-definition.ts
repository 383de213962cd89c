import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { SlipwayError } from "@slipway/kernel";

/**
 * The methods of a service as grpc-js wants them, by their name in TypeScript (`apply`). Messages cross the library as
 * bytes: `encode` and `decode` are called by our own code, so that what is malformed becomes an error of ours.
 */
export const serviceDefinition = (desc: DescService): ServiceDefinition =>
  Object.fromEntries(desc.methods.map((method) => [method.localName, methodDefinition(method)]));

const methodDefinition = (method: DescMethod): MethodDefinition<Buffer, Buffer> => ({
  path: methodPath(method),
  requestStream: method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
  responseStream: method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
});

/** `/slipway.v1.Resources/Apply` */
export const methodPath = (method: DescMethod): string => `/${method.parent.typeName}/${method.name}`;

/** Bytes for the library, from a message or from the plain object that describes one. */
export const encode = (desc: DescMessage, init: unknown): Buffer => {
  // Whoever calls this holds the mapped types of the method that `desc` belongs to; here they are all one.
  const bytes = toBinary(desc, create(desc, init as Record<string, unknown>));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** The message in the bytes; throws `Malformed` when there is none. */
export const decode = (desc: DescMessage, bytes: Uint8Array): Message => {
  try {
    return fromBinary(desc, bytes);
  } catch (cause) {
    throw new SlipwayError("Malformed", `The bytes received are no ${desc.typeName}: encode it by its proto.`, {
      cause,
    });
  }
};

export const asItIs = (bytes: Buffer): Buffer => bytes;
