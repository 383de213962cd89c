import { SlipwayError } from "@slipway/kernel";
import type { ObjectMetaJson } from "@slipway/proto";
import type { ApiObject } from "./object-state.ts";
import { same } from "./same.ts";

const title = (object: ApiObject): string => `${object.kind ?? "object"} "${object.metadata?.name ?? ""}"`;

/** What only the server says, so a manifest that repeats it is not heard. */
const withoutServerFields = ({
  resourceVersion: _version,
  deletionTimestamp: _deleted,
  deletionGracePeriodSeconds: _grace,
  ...metadata
}: ObjectMetaJson): ObjectMetaJson => metadata;

/** The wish's labels and annotations under the live object's identity. Owners are kept when the wish names none. */
const mergedMetadata = (live: ObjectMetaJson = {}, wished: ObjectMetaJson = {}): ObjectMetaJson => {
  const { labels: _labels, annotations: _annotations, ...identity } = live;
  const { labels, annotations, ownerReferences } = wished;
  return {
    ...identity,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
  };
};

/** Without the status, which is derived; `Node` alone carries one and does not come through here. */
const withoutStatus = <T extends ApiObject>(object: T): T => {
  const { status: _status, ...rest } = object as T & { status?: unknown };
  return rest as unknown as T;
};

/** The wish, or undefined when it is true already. `keep` carries over what the manifest left to the server. */
export const changedObject = <T extends ApiObject>(
  live: T,
  wished: T,
  keep: (live: T, wished: T) => T,
): T | undefined => {
  const kept = withoutStatus(keep(live, wished));
  const metadata = mergedMetadata(live.metadata, kept.metadata);
  if (!same(live.spec, kept.spec)) metadata.generation = (live.metadata?.generation ?? 1) + 1;
  const next = { ...kept, metadata };
  return same(live, next) ? undefined : next;
};

/** A new object at its first generation. */
export const asCreated = <T extends ApiObject>(object: T): T => ({
  ...withoutStatus(object),
  metadata: { ...withoutServerFields(object.metadata ?? {}), generation: 1 },
});

/**
 * Whether a creation is still to be done. The same object (by uid) that is there already is the same wish said twice;
 * another one of its name is refused.
 */
export const isNew = (live: ApiObject | undefined, wished: ApiObject): boolean => {
  if (live === undefined) return true;
  if (live.metadata?.uid !== undefined && live.metadata.uid === wished.metadata?.uid) return false;
  throw new SlipwayError(
    "AlreadyExists",
    `${title(wished)} already exists: apply it to change it, or choose another name.`,
  );
};

/** What is there to be changed; a command for an object that is not there is refused. */
export const refuseMissing = (kind: string, wayOut: string): never => {
  throw new SlipwayError("NotFound", `The ${kind} does not exist: ${wayOut}.`);
};

/** Refuses a deletion that means an earlier object of the same name. */
export const checkUid = (live: ApiObject, uid: string | undefined): void => {
  if (uid === undefined || uid === live.metadata?.uid) return;
  throw new SlipwayError(
    "FailedPrecondition",
    `${title(live)} was replaced by another object of the same name: read it again.`,
    { fields: { expected: uid, actual: live.metadata?.uid } },
  );
};

/** Refuses a change of a field that is fixed at creation. */
export const refuseChange = (path: string, value: unknown): never => {
  throw new SlipwayError("Immutable", `${path}: Invalid value: ${JSON.stringify(value)}: field is immutable`, {
    problems: [{ path, message: `Invalid value: ${JSON.stringify(value)}: field is immutable` }],
  });
};
