import type { DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { CallContext } from "./call-context.ts";

/** The request or requests of a method, as its handler gets them. */
type Received<Method extends DescMethod> = Method["methodKind"] extends "unary" | "server_streaming"
  ? MessageShape<Method["input"]>
  : AsyncIterable<MessageShape<Method["input"]>>;

/** The response or responses of a method, as its handler gives them: messages, or plain objects that describe them. */
type Given<Method extends DescMethod> = Method["methodKind"] extends "unary" | "client_streaming"
  ? Promise<MessageInitShape<Method["output"]>>
  : AsyncIterable<MessageInitShape<Method["output"]>>;

/**
 * One handler for each method of a service, by its name in TypeScript. Handlers throw `SlipwayError`; a streaming one
 * is asked for its next response only when the client has room for it.
 */
export type ServiceImpl<Desc extends DescService> = {
  [Name in keyof Desc["method"]]: Desc["method"][Name] extends DescMethod
    ? (request: Received<Desc["method"][Name]>, context: CallContext) => Given<Desc["method"][Name]>
    : never;
};

/** A handler without the types of its messages: bytes are decoded by the method's own descriptor before it sees them. */
export type AnyHandler = (request: unknown, context: CallContext) => Promise<unknown> | AsyncIterable<unknown>;

/** A service with its handlers, ready for a server. */
export interface ServiceBinding {
  readonly desc: DescService;
  readonly handlers: Readonly<Record<string, AnyHandler>>;
}

/** Ties handlers to their service. The one place where the types of single methods are given up. */
export const bindHandlers = <Desc extends DescService>(desc: Desc, impl: ServiceImpl<Desc>): ServiceBinding => ({
  desc,
  handlers: Object.fromEntries(
    desc.methods.map(({ localName }) => {
      const handlers = impl as Record<string, AnyHandler>;
      // Called on the object, so that handlers may be methods of a class.
      return [localName, (request, context) => handlers[localName]!(request, context)];
    }),
  ),
});
