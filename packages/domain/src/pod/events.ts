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

const TYPES: Record<PodEvent["type"], true> = {
  PodCreated: true,
  PodChanged: true,
  PodAdopted: true,
  PodReleased: true,
  PodScheduled: true,
  PodUnschedulable: true,
  PodDeletionRequested: true,
  PodDeleted: true,
};

/** True for the events of a pod's wanted side. */
export const isPodEvent = (event: { readonly type: string }): event is PodEvent => Object.hasOwn(TYPES, event.type);
