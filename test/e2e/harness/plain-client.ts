/**
 * A client as somebody else would write it: grpc-js alone, with definitions that the server's reflection gave. Nothing of
 * our own packages helps it.
 */
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  Client,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceDefinition,
  type ServiceError,
} from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer, loadSync } from "@grpc/proto-loader";

export type Plain = Record<string, unknown>;

export interface PlainClient {
  /** Calls `slipway.v1.<service>/<method>` and answers once. Rejects with grpc-js's own error. */
  call(service: string, method: string, request: Plain): Promise<Plain>;
  /** The same for methods that answer many times; `destroy()` on it ends the call. */
  stream(service: string, method: string, request: Plain): ClientReadableStream<Plain>;
  close(): void;
}

export type PlainError = ServiceError;

const PACKAGE = "slipway.v1";
const SERVICES = ["Resources", "Pods", "Builds", "Events"];

/** Any client of gRPC brings reflection's own definition along; this one takes it from the library that serves it. */
const reflectionDefinition = (): ServiceDefinition => {
  const folder = dirname(createRequire(import.meta.url).resolve("@grpc/reflection"));
  const loaded = loadSync(join(folder, "../proto/grpc/reflection/v1/reflection.proto"), {
    longs: String,
    oneofs: true,
  });
  return loaded["grpc.reflection.v1.ServerReflection"] as ServiceDefinition;
};

const options = { longs: Number, enums: String, oneofs: true, defaults: true };

/** Connects, asks reflection for every service and its messages, and makes a client of what it answers. */
export const connectPlainClient = async (server: string, token?: string): Promise<PlainClient> => {
  const client = new Client(server, credentials.createInsecure(), { "grpc.max_send_message_length": -1 });
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  try {
    const files = new Set<string>();
    for (const service of SERVICES) {
      for (const file of await filesOf(client, metadata, `${PACKAGE}.${service}`)) files.add(file.toString("base64"));
    }
    const loaded = loadFileDescriptorSetFromBuffer(
      descriptorSet([...files].map((file) => Buffer.from(file, "base64"))),
      options,
    );
    return clientOf(client, metadata, (service) => loaded[`${PACKAGE}.${service}`] as ServiceDefinition);
  } catch (error) {
    client.close();
    throw error;
  }
};

const clientOf = (
  client: Client,
  metadata: Metadata,
  definition: (service: string) => ServiceDefinition,
): PlainClient => {
  const methodOf = (service: string, method: string) => {
    const found = definition(service)[method];
    if (found === undefined) throw new Error(`Reflection knows no ${service}/${method}.`);
    return found;
  };
  return {
    call: (service, method, request) => {
      const { path, requestSerialize, responseDeserialize } = methodOf(service, method);
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest<Plain, Plain>(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          (error, answer) => (error === null ? resolve(answer ?? {}) : reject(error)),
        );
      });
    },
    stream: (service, method, request) => {
      const { path, requestSerialize, responseDeserialize } = methodOf(service, method);
      const stream = client.makeServerStreamRequest<Plain, Plain>(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
      );
      // Ending the call early is an error to grpc-js; readers see others through their iteration.
      stream.on("error", () => {});
      return stream;
    },
    close: () => client.close(),
  };
};

/** A service's file and every file that it imports, as descriptors in bytes. */
const filesOf = async (client: Client, metadata: Metadata, symbol: string): Promise<readonly Buffer[]> => {
  const method = reflectionDefinition().ServerReflectionInfo;
  if (method === undefined) throw new Error("The library's reflection has no ServerReflectionInfo.");
  const stream = client.makeBidiStreamRequest<Plain, Plain>(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    metadata,
  );
  stream.write({ fileContainingSymbol: symbol });
  const [answer] = (await once(stream, "data")) as [Plain];
  stream.end();
  await once(stream, "end");
  return (answer.fileDescriptorResponse as { fileDescriptorProto: Buffer[] }).fileDescriptorProto;
};

/** A FileDescriptorSet is its files, each as field 1 with its length before it. */
const descriptorSet = (files: readonly Buffer[]): Buffer =>
  Buffer.concat(files.flatMap((file) => [Buffer.from([0x0a]), varint(file.length), file]));

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
};
