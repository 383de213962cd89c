/** The one door of the domain. */
export { type DomainEvent, EVENT_TYPES, type EventMap, type EventOf, type EventType } from "./event.ts";
export type {
  AssignmentValue,
  EndpointsValue,
  EndpointValue,
  PodReportValue,
  ServicePortValue,
  ServiceRouteValue,
} from "./feeds.ts";
export { findKind, KINDS, type Kind, type KindInfo } from "./kinds.ts";
