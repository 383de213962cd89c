import type { ClusterState } from "@slipway/cluster";
import { type DomainEvent, evolveStream, isStreamKind } from "@slipway/domain";
import { parseStream } from "@slipway/kernel";

/** The object of a stream as it would be after events that are not stored. */
export const wishedObject = (state: ClusterState, stream: string, events: readonly DomainEvent[]): object => {
  const kind = parseStream(stream)?.kind ?? "";
  if (!isStreamKind(kind)) return {};
  // Every state holds its object under one of three names.
  const after = events.reduce<unknown>(
    (current, event) => evolveStream(kind, current as never, event),
    state.streamState(stream),
  ) as { readonly [key in "object" | "pod" | "node"]?: object };
  return after.object ?? after.pod ?? after.node ?? {};
};
