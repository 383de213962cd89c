import {
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceDefinition,
} from "@grpc/grpc-js";

type Plain = Record<string, unknown>;

/** A client as somebody else would write it: the plain library and definitions made from protos at run time. */
export interface ForeignClient extends Disposable {
  unary(method: string, request: Plain): Promise<Plain>;
  serverStream(method: string, request: Plain): ClientReadableStream<Plain>;
  duplex(method: string): ClientDuplexStream<Plain, Plain>;
}

/** `definition` is what proto-loader makes of a service; its methods are called by their names in the proto. */
export const foreignClient = (definition: ServiceDefinition, address: string, token?: string): ForeignClient => {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  const of = (method: string) => {
    const found = definition[method];
    if (found === undefined) throw new Error(`no method ${method}`);
    return found;
  };
  return {
    unary: (method, request) => {
      const { path, requestSerialize, responseDeserialize } = of(method);
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest<Plain, Plain>(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          (error, answer) => {
            if (error === null) resolve(answer ?? {});
            else reject(error);
          },
        );
      });
    },
    serverStream: (method, request) => {
      const { path, requestSerialize, responseDeserialize } = of(method);
      return client.makeServerStreamRequest<Plain, Plain>(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
      );
    },
    duplex: (method) => {
      const { path, requestSerialize, responseDeserialize } = of(method);
      return client.makeBidiStreamRequest<Plain, Plain>(path, requestSerialize, responseDeserialize, metadata);
    },
    [Symbol.dispose]: () => client.close(),
  };
};
