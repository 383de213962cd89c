import type { EventLog } from "@slipway/eventlog";
import { ClusterState } from "./cluster-state.ts";

/** The state as it was after the event at `position`: a fold from the beginning. */
export const foldAsOf = async (log: Pick<EventLog, "read">, position: number): Promise<ClusterState> => {
  const state = new ClusterState();
  if (position < 1) return state;
  for await (const events of log.read(1, { to: position, batchSize: 5_000 }))
    for (const event of events) state.apply(event);
  return state;
};
