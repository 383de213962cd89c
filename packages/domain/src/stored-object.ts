import type { ApiObject } from "./object-state.ts";

/** True for an object that is neither null nor a list. */
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isPlainIfThere = (value: unknown): boolean => value === undefined || isPlain(value);

/** True for a map of text, and for none. */
export const isTextMap = (value: unknown): boolean =>
  value === undefined || (isPlain(value) && Object.values(value).every((text) => typeof text === "string"));

/** True for a list of objects, and for none. */
export const isObjectList = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every(isPlain));

/**
 * The object of a stored event, when it has the shape that folds and indexes lean on: its parts are objects, labels and
 * annotations are text, owners are a list, and the spec is what `isSound` asks for. The log lets any data in, so nothing
 * is taken on trust.
 */
export const storedObject = <T extends ApiObject>(
  value: T | undefined,
  isSound: (spec: Record<string, unknown>) => boolean = () => true,
): T | undefined => {
  if (!isPlain(value) || !isPlainIfThere(value.metadata) || !isPlainIfThere(value.spec)) return undefined;
  const { uid, labels, annotations, ownerReferences } = (value.metadata ?? {}) as Record<string, unknown>;
  const sound =
    isSound((value.spec ?? {}) as Record<string, unknown>) &&
    (uid === undefined || typeof uid === "string") &&
    isTextMap(labels) &&
    isTextMap(annotations) &&
    isObjectList(ownerReferences);
  return sound ? value : undefined;
};

/** The object of a change, when it is sound and means the one that is there. */
export const storedChange = <T extends ApiObject>(
  live: T,
  value: T | undefined,
  isSound?: (spec: Record<string, unknown>) => boolean,
): T | undefined => {
  const object = storedObject(value, isSound);
  return object !== undefined && isUidOf(live, object.metadata?.uid) ? object : undefined;
};

/** True when an event with this uid means the object; an earlier or later one of its name has another uid. */
export const isUidOf = (object: ApiObject, uid: unknown): boolean => (object.metadata?.uid ?? "") === (uid ?? "");

/** Text from stored data; anything else is empty. */
export const storedText = (value: unknown): string => (typeof value === "string" ? value : "");

/** A number from stored data; anything else is 0. */
export const storedNumber = (value: unknown): number => (typeof value === "number" ? value : 0);
