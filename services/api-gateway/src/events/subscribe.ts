import { findKind } from "@slipway/domain";
import { parseStream, type StoredEvent } from "@slipway/kernel";
import type { Events, SubscribeRequest } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { positionOf, unknownPosition } from "../resources/read-position.ts";
import { eventMessage } from "./event-message.ts";

/** The log from a position on, then live. Every answer says how far it has looked, so that a reader can resume there. */
export const subscribe = ({ log, bus }: GatewayContext): ServiceImpl<typeof Events>["subscribe"] =>
  async function* (request, call) {
    const head = await log.head(call.signal);
    const from = request.fromPosition === 0n ? head + 1 : positionOf(request.fromPosition);
    if (from > head + 1) throw unknownPosition(from, head);
    const wanted = filterOf(request);
    let position = from - 1;
    const answer = (events: readonly StoredEvent[]) => {
      position = events.at(-1)?.position ?? position;
      return { events: events.filter(wanted).map(eventMessage), position: BigInt(position) };
    };
    // Who begins with what comes from now on learns where that is, and can resume there before anything has come.
    if (request.fromPosition === 0n) yield answer([]);
    for await (const events of log.read(from, { to: head, batchSize: 500, signal: call.signal })) yield answer(events);
    if (request.untilHead) return;
    // Unfiltered, so that the position moves on for readers whose filter lets nothing through.
    for await (const events of bus.events.follow(position + 1, { signal: call.signal, log })) yield answer(events);
    call.signal.throwIfAborted();
  };

const filterOf = ({ project, kinds, types, name }: SubscribeRequest): ((event: StoredEvent) => boolean) => {
  const wantedKinds = new Set(kinds.map((kind) => findKind(kind)?.stream ?? kind.toLowerCase()));
  const wantedTypes = new Set(types);
  return (event) => {
    if (wantedTypes.size > 0 && !wantedTypes.has(event.type)) return false;
    const stream = parseStream(event.stream);
    if (stream === undefined) return false;
    if (project !== "" && stream.project !== project && !(stream.kind === "project" && stream.name === project))
      return false;
    if (name !== "" && stream.name !== name) return false;
    return wantedKinds.size === 0 || wantedKinds.has(stream.kind);
  };
};
