import type { EventMeta } from "@slipway/kernel";
import type { CallContext } from "@slipway/rpc";

/** Under this name a client repeats a call safely: the same id never takes effect twice. */
const REQUEST_ID = "x-slipway-request-id";

export const requestIdOf = (call: CallContext): string => call.metadata.get(REQUEST_ID) ?? call.requestId;

/** Who caused what this call stores. */
export const metaOf = (call: CallContext): EventMeta => {
  const traceparent = call.metadata.get("traceparent");
  return {
    actor: call.principal.actor,
    source: call.peer,
    correlation: requestIdOf(call),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};
