import { type ClusterState, viewOf } from "@slipway/cluster";
import { type DomainEvent, evolveStream, isStreamKind } from "@slipway/domain";
import { parseStream } from "@slipway/kernel";
import type { GatewayContext } from "../gateway-context.ts";
import type { StreamDecision } from "../store-decision.ts";
import { viewOptions } from "./get.ts";

/** An object by its place and its stream. */
export interface Placed {
  readonly kind: string;
  readonly project: string;
  readonly name: string;
  readonly stream: string;
}

/**
 * An object as it is once decisions have taken effect that the read model does not hold: none of them stored yet, or
 * some of them on their way. Undefined when there is no such object.
 */
export const objectAfter = (
  context: Pick<GatewayContext, "follower" | "settings" | "clock">,
  { kind, project, name, stream }: Placed,
  ahead: readonly StreamDecision[],
): { readonly kind?: string } | undefined => {
  const { state } = context.follower;
  const events = ahead.find((decision) => decision.stream === stream)?.events ?? [];
  if (events.length === 0) return viewOf(state, kind, project, name, viewOptions(context));
  const object = evolved(state, stream, events);
  return object && { ...object, kind };
};

const evolved = (state: ClusterState, stream: string, events: readonly DomainEvent[]): object | undefined => {
  const kind = parseStream(stream)?.kind ?? "";
  if (!isStreamKind(kind)) return undefined;
  // Every state holds its object under one of three names.
  const after = events.reduce<unknown>(
    (current, event) => evolveStream(kind, current as never, event),
    state.streamState(stream),
  ) as { readonly [key in "object" | "pod" | "node"]?: object };
  return after.object ?? after.pod ?? after.node;
};
