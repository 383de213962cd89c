import type { ClusterState } from "@slipway/cluster";
import type { KindInfo } from "@slipway/domain";
import { shortId } from "@slipway/kernel";
import type { KindObject } from "@slipway/manifest";
import type { Caller } from "../caller.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { streamOf } from "./object-key.ts";

/** Gives an object what only the server can: a name where one is to be made up, an identity, its moment. */
export const withIdentity = (
  object: KindObject,
  kind: KindInfo,
  { clock, follower }: Pick<GatewayContext, "clock" | "follower">,
  { newId, random }: Caller,
): KindObject => {
  const { metadata } = object;
  const uid = newId();
  const free = (name: string) => isFree(follower.state, streamNameOf(kind, metadata.namespace, name), uid);
  const name = metadata.name || generatedName(metadata.generateName ?? "", random, free);
  // Spreading a union gives its members' common type; only its metadata changed.
  return {
    ...object,
    metadata: { ...metadata, name, uid, creationTimestamp: new Date(clock.now()).toISOString() },
  } as KindObject;
};

const streamNameOf = (kind: KindInfo, project: string | undefined, name: string): string =>
  kind.namespaced && !project ? "" : streamOf(kind, project ?? "", name);

/** Names made up before one is taken that may be in use; then the creation is refused, and the caller tries again. */
const NAME_TRIES = 20;

const generatedName = (prefix: string, random: () => number, free: (name: string) => boolean): string => {
  let name = "";
  for (let i = 0; i < NAME_TRIES; i++) {
    name = `${prefix}${shortId(random)}`;
    if (free(name)) break;
  }
  return name;
};

/** Nobody has the name, or the same object has it: then this call is the repetition of the one that made it. */
const isFree = (state: ClusterState, stream: string, uid: string): boolean => {
  const current = state.streamState(stream) as { readonly [key: string]: unknown } | undefined;
  if (current?.status !== "live") return true;
  const object = (current.object ?? current.pod) as KindObject | undefined;
  return object?.metadata?.uid === uid;
};
