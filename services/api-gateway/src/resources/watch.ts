import { type ClusterState, listView, viewOf } from "@slipway/cluster";
import { type Kind, type KindInfo, parseLabelSelector } from "@slipway/domain";
import { parseStream } from "@slipway/kernel";
import type { Resources, WatchRequest } from "@slipway/proto";
import type { CallContext, ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { ChangedKeys } from "./changed-keys.ts";
import { viewOptions } from "./get.ts";
import { kindNamed, projectFor } from "./object-key.ts";
import { positionOf, waitForPosition } from "./read-position.ts";
import { type Touch, touchedObjects } from "./touched-objects.ts";
import { WatchedObjects } from "./watched-objects.ts";

/**
 * The current objects and then every change, or only the changes after a position. Several changes of one object that a
 * slow reader has not taken yet become one: it sees the newest state, and the gateway never keeps a queue without end.
 * Each answer carries a position from which to go on: everything up to it was told.
 */
export const watch = (context: GatewayContext): ServiceImpl<typeof Resources>["watch"] =>
  async function* (request, call) {
    const { follower } = context;
    const { state } = follower;
    const kind = kindNamed(request.kind);
    const selection = selectionOf(kind, request);
    const from = positionOf(request.fromPosition);
    if (from > 0) await waitForPosition(context, call, from);

    const watched = new WatchedObjects();
    const changed = new ChangedKeys();
    const stop = follower.onChange((changes) => changed.add(selection.keys(state, changes), state.position));
    try {
      // What happens from here on is in `changed`.
      let told = state.position;
      const current = listView(state, kind.kind, selection.project, viewOptions(context)).filter(selection.shows);
      const since = from === 0 ? undefined : await keysSince(context, call, selection, from, told);
      const first = watched.begin(kind, current, since);
      // Until all of them were told, a reader that is cut off must begin where it began.
      for (const [i, { type, object }] of first.entries()) {
        const complete = from > 0 && i === first.length - 1;
        yield { type, resource: resourceMessage(object), position: BigInt(complete ? told : from) };
      }
      if (from === 0) yield { type: "BOOKMARK", position: BigInt(told) };

      for (;;) {
        const { keys, position } = await changed.take(call.signal);
        for (const [i, key] of keys.entries()) {
          const [project = "", name = ""] = key.split("/");
          const object = viewOf(state, kind.kind, project, name, viewOptions(context));
          const change = watched.update(kind, key, object && selection.shows(object) ? object : undefined);
          if (change === undefined) continue;
          const complete = i === keys.length - 1;
          yield {
            type: change.type,
            resource: resourceMessage(change.object),
            position: BigInt(complete ? position : told),
          };
        }
        told = position;
      }
    } finally {
      stop();
    }
  };

/** Which objects a watch is about. */
interface Selection {
  /** Undefined: all. */
  readonly project: string | undefined;
  shows(object: { metadata?: { name?: string; labels?: Record<string, string> } }): boolean;
  /** Keys, `project/name`, of the objects that changes may concern; whatever their labels. */
  keys(state: ClusterState, changes: readonly Touch[]): Set<string>;
}

const selectionOf = (kind: KindInfo, { project: given, name, labelSelector }: WatchRequest): Selection => {
  const chosen = parseLabelSelector(labelSelector);
  const project = given === "" ? undefined : projectFor(kind, given) || undefined;
  return {
    project,
    shows: ({ metadata }) => (name === "" || metadata?.name === name) && chosen(metadata?.labels),
    keys: (state, changes) => {
      const keys = new Set<string>();
      for (const change of changes) {
        for (const place of touchedObjects(state, kind.kind as Kind, change)) {
          if (project !== undefined && place.project !== project) continue;
          if (name === "" || place.name === name) keys.add(`${place.project}/${place.name}`);
        }
      }
      return keys;
    },
  };
};

/** The keys that the log's events after `from` and up to `to` concern. */
const keysSince = async (
  { log, follower }: GatewayContext,
  call: CallContext,
  selection: Selection,
  from: number,
  to: number,
): Promise<Set<string>> => {
  const keys = new Set<string>();
  if (from >= to) return keys;
  for await (const events of log.read(from + 1, { to, signal: call.signal })) {
    const touches = events.flatMap(({ stream }) => parseStream(stream) ?? []);
    for (const key of selection.keys(follower.state, touches)) keys.add(key);
  }
  return keys;
};
