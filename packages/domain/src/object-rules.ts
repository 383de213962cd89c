import { SlipwayError } from "@slipway/kernel";
import type { ObjectMetaJson } from "@slipway/proto";
import type { ApiObject, ObjectState } from "./object-state.ts";
import { same } from "./same.ts";

const title = (object: ApiObject): string => `${object.kind ?? "object"} "${object.metadata?.name ?? ""}"`;

/** What a manifest may say of an object's metadata after its creation; the rest is the server's. */
const mergedMetadata = (live: ObjectMetaJson | undefined, wished: ObjectMetaJson | undefined): ObjectMetaJson => {
  const merged: ObjectMetaJson = { ...live };
  for (const key of ["labels", "annotations", "ownerReferences"] as const) {
    const value = wished?.[key];
    if (value === undefined) delete merged[key];
    else Object.assign(merged, { [key]: value });
  }
  return merged;
};

/** The wish, or undefined when it is true already. `keep` carries over what the manifest left to the server. */
export const changedObject = <T extends ApiObject>(
  live: T,
  wished: T,
  keep: (live: T, wished: T) => T,
): T | undefined => {
  const kept = keep(live, wished);
  const metadata = mergedMetadata(live.metadata, wished.metadata);
  const specChanged = !same(live.spec, kept.spec);
  if (specChanged) metadata.generation = (live.metadata?.generation ?? 1) + 1;
  const next = { ...kept, metadata };
  return same(live, next) ? undefined : next;
};

/** A new object's first generation. */
export const asCreated = <T extends ApiObject>(object: T): T => ({
  ...object,
  metadata: { ...object.metadata, generation: 1 },
});

export const refuseExisting = (object: ApiObject): never => {
  throw new SlipwayError(
    "AlreadyExists",
    `${title(object)} already exists: apply it to change it, or choose another name.`,
  );
};

/** Refuses a deletion that means an earlier object of the same name. */
export const checkUid = <T extends ApiObject>(state: ObjectState<T>, uid: string | undefined): void => {
  if (state.status !== "live" || uid === undefined || uid === state.object.metadata?.uid) return;
  throw new SlipwayError(
    "FailedPrecondition",
    `${title(state.object)} was replaced by another object of the same name: read it again.`,
    { fields: { expected: uid, actual: state.object.metadata?.uid } },
  );
};

/** Refuses a change of a field that is fixed at creation. */
export const refuseChange = (path: string, value: unknown): never => {
  throw new SlipwayError("Immutable", `${path}: Invalid value: ${JSON.stringify(value)}: field is immutable`, {
    problems: [{ path, message: `Invalid value: ${JSON.stringify(value)}: field is immutable` }],
  });
};
