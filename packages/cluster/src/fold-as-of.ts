import type { EventLog } from "@slipway/eventlog";
import { SlipwayError } from "@slipway/kernel";
import { ClusterState } from "./cluster-state.ts";

/** Events of one step of a fold. */
const BATCH = 5_000;

/** The state as it was after the event at `position`: a fold from the beginning. Throws `UnknownPosition`. */
export const foldAsOf = async (
  log: Pick<EventLog, "read">,
  position: number,
  signal?: AbortSignal,
): Promise<ClusterState> => {
  if (!Number.isSafeInteger(position) || position < 0) throw unknown(position);
  const state = new ClusterState();
  if (position === 0) return state;
  for await (const events of log.read(1, { to: position, batchSize: BATCH, ...(signal && { signal }) })) {
    for (const event of events) state.apply(event);
  }
  if (state.position < position) throw unknown(position, state.position);
  return state;
};

const unknown = (position: number, head?: number): SlipwayError =>
  new SlipwayError(
    "UnknownPosition",
    head === undefined
      ? `${position} is no position: give a whole number from 0 on.`
      : `Position ${position} does not exist yet: the log ends at ${head}.`,
    { fields: { position, ...(head === undefined ? {} : { head }) } },
  );
