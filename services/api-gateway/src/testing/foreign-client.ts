import { type ClientHttp2Session, connect } from "node:http2";
import {
  fromJSON,
  loadFileDescriptorSetFromBuffer,
  type MethodDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from "@grpc/proto-loader";

type Plain = Record<string, unknown>;
type Method = MethodDefinition<object, object>;

/** A client as somebody else would write it: plain HTTP/2, and protos that it learns from the server by reflection. */
export interface ForeignClient {
  /** All answers of a call; a stream's are read until `enough`. Throws `{ grpcStatus, grpcMessage }`. */
  call(
    service: string,
    method: string,
    request: Plain,
    enough?: (answers: readonly Plain[]) => boolean,
  ): Promise<Plain[]>;
  close(): void;
}

/** As much of the reflection protocol as it takes to ask for the file of a symbol. */
const REFLECTION = {
  nested: {
    Ask: { fields: { fileContainingSymbol: { type: "string", id: 4 } } },
    Files: { fields: { fileDescriptorProto: { rule: "repeated", type: "bytes", id: 1 } } },
    Answer: { fields: { fileDescriptorResponse: { type: "Files", id: 4 } } },
    Reflection: {
      methods: {
        ServerReflectionInfo: {
          requestType: "Ask",
          requestStream: true,
          responseType: "Answer",
          responseStream: true,
        },
      },
    },
  },
};

const OPTIONS = { longs: Number, enums: String, bytes: Buffer };

export const foreignClient = async (address: string, token: string): Promise<ForeignClient> => {
  const session = connect(`http://${address}`);
  const reflection = methodOf(fromJSON(REFLECTION as never, OPTIONS), "Reflection", "ServerReflectionInfo");
  const definitions: PackageDefinition = {};
  for (const name of ["Resources", "Pods"]) {
    const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    const ask = { fileContainingSymbol: `slipway.v1.${name}` };
    const [answer] = await request(session, token, { ...reflection, path }, ask, (answers) => answers.length > 0);
    const files = answer?.fileDescriptorResponse as { fileDescriptorProto: Buffer[] } | undefined;
    const set = descriptorSet(files?.fileDescriptorProto ?? []);
    Object.assign(definitions, loadFileDescriptorSetFromBuffer(set, OPTIONS));
  }
  return {
    call: (service, method, message, enough = () => false) =>
      request(session, token, methodOf(definitions, `slipway.v1.${service}`, method), message, enough),
    close: () => session.close(),
  };
};

const methodOf = (definitions: PackageDefinition, service: string, method: string): Method => {
  const found = (definitions[service] as ServiceDefinition | undefined)?.[method];
  if (found === undefined) throw new Error(`The server knows no ${service}/${method}.`);
  return found;
};

/** A `FileDescriptorSet`: each file as field 1. */
const descriptorSet = (files: readonly Buffer[]): Buffer =>
  Buffer.concat(files.flatMap((file) => [Buffer.from([0x0a, ...varint(file.length)]), file]));

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];

/** One call: a message each way is a byte for compression, four for the length, and the message. */
const request = (
  session: ClientHttp2Session,
  token: string,
  { path, requestSerialize, responseDeserialize }: Method,
  message: Plain,
  enough: (answers: readonly Plain[]) => boolean,
): Promise<Plain[]> =>
  new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      authorization: `Bearer ${token}`,
    });
    const body = requestSerialize(message);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length, 1);
    stream.end(Buffer.concat([head, body]));

    const answers: Plain[] = [];
    let pending = Buffer.alloc(0);
    const checkStatus = (headers: { "grpc-status"?: unknown; "grpc-message"?: unknown }) => {
      const status = Number(headers["grpc-status"] ?? 0);
      if (status === 0) return;
      reject({ grpcStatus: status, grpcMessage: decodeURIComponent(String(headers["grpc-message"])) });
    };
    stream.on("response", checkStatus);
    stream.on("trailers", checkStatus);
    stream.on("data", (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 5 && pending.length >= 5 + pending.readUInt32BE(1)) {
        const end = 5 + pending.readUInt32BE(1);
        answers.push(responseDeserialize(pending.subarray(5, end)) as Plain);
        pending = pending.subarray(end);
      }
      if (!enough(answers)) return;
      resolve(answers);
      stream.close();
    });
    stream.on("end", () => resolve(answers));
    stream.on("error", reject);
  });
