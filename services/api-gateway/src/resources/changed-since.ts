import type { ClusterState } from "@slipway/cluster";
import type { EventLog } from "@slipway/eventlog";
import { SlipwayError } from "@slipway/kernel";

/** An object of the call, and the stream that holds it. */
export interface Guarded {
  readonly kind: string;
  readonly name: string;
  readonly stream: string;
}

/**
 * Which of the objects were changed, or deleted, by an event after the position. Only wishes count: what is observed of
 * a pod stands in another stream.
 */
export const changedSince = async (
  log: Pick<EventLog, "readStream">,
  state: ClusterState,
  objects: readonly Guarded[],
  position: number,
  signal: AbortSignal,
): Promise<readonly Guarded[]> => {
  const changed = await Promise.all(
    objects.map(async (object) => {
      const version = state.streamVersion(object.stream);
      if (version === 0) return [];
      const [last] = await log.readStream(object.stream, { fromVersion: version, signal });
      return last !== undefined && last.position > position ? [object] : [];
    }),
  );
  return changed.flat();
};

/** Names what was changed, so that the caller can look at it. */
export const refuseChanged = (changed: readonly Guarded[], position: number): void => {
  if (changed.length === 0) return;
  const names = changed.map(({ kind, name }) => `${kind} "${name}"`);
  throw new SlipwayError(
    "FailedPrecondition",
    `Changed after position ${position}: ${names.join(", ")}: read again and repeat the wish on what is there now.`,
    { fields: { changed: names, position } },
  );
};
