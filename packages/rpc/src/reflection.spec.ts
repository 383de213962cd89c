import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { ServiceDefinition } from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer, loadSync } from "@grpc/proto-loader";
import { type ForeignClient, foreignClient } from "./testing/foreign-client.ts";
import { startSpecimen, TOKEN } from "./testing/specimen-server.ts";

const libraryRoot = dirname(createRequire(import.meta.url).resolve("@grpc/reflection"));

const reflectionDefinition = (version: "v1" | "v1alpha"): ServiceDefinition => {
  const file = join(libraryRoot, `../proto/grpc/reflection/${version}/reflection.proto`);
  const loaded = loadSync(file, { longs: String, enums: String, oneofs: true });
  return loaded[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
};

/** One question to reflection, and its answer. */
const ask = async (client: ForeignClient, question: Record<string, unknown>): Promise<Record<string, never>> => {
  const stream = client.duplex("ServerReflectionInfo");
  stream.write(question);
  const [answer] = await once(stream, "data");
  stream.end();
  await once(stream, "end");
  return answer;
};

describe("reflection", () => {
  it.each(["v1", "v1alpha"] as const)("lists our services in version %s", async (version) => {
    await using specimen = await startSpecimen();
    using client = foreignClient(reflectionDefinition(version), specimen.server.address(), TOKEN);
    expect(await ask(client, { listServices: "*" })).toMatchObject({
      listServicesResponse: { service: [{ name: "slipway.specimen.v1.Specimen" }] },
    });
  });

  it("is enough for a client without protos of its own to make calls", async () => {
    await using specimen = await startSpecimen();
    const address = specimen.server.address();
    using reflection = foreignClient(reflectionDefinition("v1"), address, TOKEN);
    const answer = await ask(reflection, { fileContainingSymbol: "slipway.specimen.v1.Specimen" });
    const { fileDescriptorProto } = answer.fileDescriptorResponse as unknown as { fileDescriptorProto: Buffer[] };
    const file = fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    const set = Buffer.from(toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file })));
    const definition = loadFileDescriptorSetFromBuffer(set)["slipway.specimen.v1.Specimen"] as ServiceDefinition;

    using client = foreignClient(definition, address, TOKEN);
    expect(await client.unary("Echo", { text: "from afar" })).toMatchObject({ text: "from afar" });
    const texts: unknown[] = [];
    for await (const { text } of client.serverStream("Count", { count: 3 })) texts.push(text);
    expect(texts).toEqual(["0", "1", "2"]);
    const chat = client.duplex("Chat");
    chat.write({ text: "hi" });
    expect((await once(chat, "data"))[0]).toMatchObject({ text: "hi" });
    chat.end();
    await once(chat, "end");
  });

  it("answers nobody without a token", async () => {
    await using specimen = await startSpecimen();
    using client = foreignClient(reflectionDefinition("v1"), specimen.server.address());
    await expect(ask(client, { listServices: "*" })).rejects.toMatchObject({ code: 16 });
  });
});
