import { type DescFile, type DescService, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { Server } from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";

/**
 * Lets clients ask what the server serves (reflection v1 and v1alpha), so that `grpcurl` and its like need no proto
 * files. The library wants what proto-loader makes of files; of that it reads only the descriptors.
 */
export const addReflection = (server: Server, services: readonly DescService[]): void => {
  const files = new Map<string, DescFile>();
  for (const service of services) collect(service.file, files);
  const fileDescriptorProtos = [...files.values()].map((file) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)),
  );
  new ReflectionService(
    { files: { format: "Protocol Buffer 3 DescriptorProto", type: {}, fileDescriptorProtos } },
    { services: services.map((service) => service.typeName) },
  ).addToServer(server);
};

/** A file and all that it imports, each once. */
const collect = (file: DescFile, into: Map<string, DescFile>): void => {
  if (into.has(file.name)) return;
  into.set(file.name, file);
  for (const dependency of file.dependencies) collect(dependency, into);
};
