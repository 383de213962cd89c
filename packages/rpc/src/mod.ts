/** gRPC for protobuf-es descriptors: typed servers and clients whose errors are ours on both sides. */
export type { CallContext, CallLogger, Principal } from "./call-context.ts";
export type { FinishedCall } from "./call-handler.ts";
export { type Channel, type ChannelOptions, createChannel } from "./channel.ts";
export { type CallOptions, type ClientOptions, createClient, type ServiceClient } from "./client.ts";
export { createServer, type RpcServer, type ServerOptions } from "./server.ts";
export { serviceDefinition } from "./service-definition.ts";
export { bindHandlers, type ServiceBinding, type ServiceImpl } from "./service-impl.ts";
export { codeOfGrpcStatus, type GrpcStatusName, grpcStatusOf, httpStatusOf, WIRE_STATUS } from "./status.ts";
export { type Authenticate, bearerToken, hashToken, newToken, type TokenGrant, tokenAuthenticator } from "./token.ts";
