import type { EventOf } from "../event.ts";

/** The events of `pod/<project>/<name>`: what is wanted. */
export type PodEvent = EventOf<
  | "PodCreated"
  | "PodChanged"
  | "PodAdopted"
  | "PodReleased"
  | "PodScheduled"
  | "PodUnschedulable"
  | "PodDeletionRequested"
  | "PodDeleted"
>;
