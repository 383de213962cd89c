/** The one door of the domain. */
export { type DomainEvent, EVENT_TYPES, type EventMap, type EventOf, type EventType } from "./event.ts";
export { findKind, KINDS, type Kind, type KindInfo } from "./kinds.ts";
