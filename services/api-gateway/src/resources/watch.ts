import { type Change, type ClusterState, listView, viewOf } from "@slipway/cluster";
import { type KindInfo, matchesSelector, parseLabelSelector } from "@slipway/domain";
import { deferred, parseStream, raceSignal } from "@slipway/kernel";
import type { Resources, WatchRequest } from "@slipway/proto";
import type { CallContext, ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { viewOptions } from "./get.ts";
import { kindNamed } from "./object-key.ts";
import { positionOf, unknownPosition, waitForPosition } from "./read-position.ts";

/**
 * The current objects and then every change. Several changes of one object that a slow reader has not taken yet become
 * one: it sees the newest state, never a queue without end.
 */
export const watch = (context: GatewayContext): ServiceImpl<typeof Resources>["watch"] =>
  async function* (request, call) {
    const kind = kindNamed(request.kind);
    const chosen = parseLabelSelector(request.labelSelector);
    const { follower } = context;
    const from = positionOf(request.fromPosition);
    if (from > 0) await waitForPosition(context, call, from);
    if (from > follower.state.position) throw unknownPosition(from, follower.state.position);

    /** What the reader knows: key -> the JSON that it was sent. */
    const known = new Map<string, string>();
    let dirty = new Set<string>();
    let news = deferred();
    const stop = follower.onChange((changes) => {
      for (const key of touched(follower.state, kind, request, changes)) dirty.add(key);
      if (dirty.size > 0) news.resolve();
    });
    const message = (type: string, object: object) => ({
      type,
      resource: resourceMessage(object as { kind?: string }),
      position: BigInt(follower.state.position),
    });
    try {
      const project = kind.namespaced && request.project !== "" ? request.project : undefined;
      const current = listView(follower.state, kind.kind, project, {
        ...viewOptions(context),
        labelSelector: request.labelSelector,
      });
      const start = follower.state.position;
      const changedSince = from > 0 ? await changedKeys(context, call, kind, request, from + 1, start) : undefined;
      for (const object of current) {
        const { name = "", namespace = "" } = object.metadata ?? {};
        if (request.name !== "" && name !== request.name) continue;
        const key = `${namespace}/${name}`;
        known.set(key, fingerprintOf(object));
        if (changedSince === undefined) yield message("ADDED", object);
        else if (changedSince.has(key)) yield message("MODIFIED", object);
      }
      for (const key of changedSince ?? []) {
        if (!known.has(key)) yield message("DELETED", tombstone(kind, key));
      }
      if (from === 0) yield { type: "BOOKMARK", position: BigInt(start) };

      for (;;) {
        await raceSignal(news.promise, call.signal);
        const keys = dirty;
        dirty = new Set();
        news = deferred();
        for (const key of keys) {
          const [namespace = "", name = ""] = key.split("/");
          const object = viewOf(follower.state, kind.kind, namespace, name, viewOptions(context));
          const visible = object !== undefined && chosen(object.metadata?.labels);
          const before = known.get(key);
          if (!visible || object === undefined) {
            if (before === undefined) continue;
            known.delete(key);
            yield message("DELETED", object ?? tombstone(kind, key));
            continue;
          }
          const fingerprint = fingerprintOf(object);
          if (before === fingerprint) continue;
          known.set(key, fingerprint);
          yield message(before === undefined ? "ADDED" : "MODIFIED", object);
        }
      }
    } finally {
      stop();
    }
  };

/** What makes a view worth sending: everything but the position, which derived changes do not move. */
const fingerprintOf = (object: object): string => JSON.stringify(object);

const tombstone = (kind: KindInfo, key: string): object => {
  const [namespace = "", name = ""] = key.split("/");
  return { apiVersion: kind.apiVersions[0], kind: kind.kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
};

/** Streams whose events change what is shown of an object of another stream. */
const touched = (
  state: ClusterState,
  kind: KindInfo,
  request: Pick<WatchRequest, "project" | "name">,
  changes: readonly Pick<Change, "kind" | "project" | "name">[],
): Set<string> => {
  const keys = new Set<string>();
  const add = (project: string, name: string) => {
    const inProject = !kind.namespaced || request.project === "" || request.project === project;
    if (inProject && (request.name === "" || request.name === name))
      keys.add(`${kind.namespaced ? project : ""}/${name}`);
  };
  for (const { kind: stream, project, name } of changes) {
    if (stream === kind.stream || (kind.kind === "Pod" && stream === "pod-status")) add(project, name);
    const isPod = stream === "pod" || stream === "pod-status";
    if (kind.kind === "ReplicationController" && isPod)
      for (const entry of state.replicationControllers.list(project)) add(project, entry.name);
    if (kind.kind === "Endpoints") {
      if (stream === "service") add(project, name);
      const labels = isPod ? state.pods.get(project, name)?.state.pod.metadata?.labels : undefined;
      for (const entry of isPod ? state.services.list(project) : []) {
        if (labels === undefined || matchesSelector(labels, entry.state.object.spec?.selector ?? {}))
          add(project, entry.name);
      }
    }
    if (stream === "node" && kind.kind === "Pod") for (const pod of state.podsOnNode(name)) add(pod.project, pod.name);
    if (kind.kind === "Route" && stream === "route")
      for (const route of state.routes.list()) add(route.project, route.name);
  }
  return keys;
};

/** The keys that the log's events of a stretch concern. */
const changedKeys = async (
  { log, follower }: GatewayContext,
  call: CallContext,
  kind: KindInfo,
  request: WatchRequest,
  from: number,
  to: number,
): Promise<Set<string>> => {
  const keys = new Set<string>();
  if (from > to) return keys;
  for await (const events of log.read(from, { to, signal: call.signal })) {
    const changes = events.flatMap(({ stream }) => parseStream(stream) ?? []);
    for (const key of touched(follower.state, kind, request, changes)) keys.add(key);
  }
  return keys;
};
