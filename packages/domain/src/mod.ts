/** The one door of the domain. */
export type { BuildCommand } from "./build/decide.ts";
export { buildDecider } from "./build/decider.ts";
export { type BuildLive, type BuildState, isFinished as isFinishedBuild } from "./build/state.ts";
export { type BuildViewOptions, buildView } from "./build/view.ts";
export type { BuildConfigCommand } from "./build-config/decide.ts";
export { buildConfigDecider } from "./build-config/decider.ts";
export type { BuildConfigLive, BuildConfigState } from "./build-config/state.ts";
export { buildConfigView } from "./build-config/view.ts";
export { DECIDERS, evolveStream, isStreamKind, type StateOf, type StreamKind } from "./deciders.ts";
export { type DomainEvent, EVENT_TYPES, type EventMap, type EventOf, type EventType } from "./event.ts";
export type {
  AssignmentValue,
  EndpointsValue,
  EndpointValue,
  PodReportValue,
  ServicePortValue,
  ServiceRouteValue,
} from "./feeds.ts";
export type { ImageStreamCommand } from "./image-stream/decide.ts";
export { imageStreamDecider } from "./image-stream/decider.ts";
export type { ImageStreamLive, ImageStreamState, TaggedImage } from "./image-stream/state.ts";
export { imageStreamView } from "./image-stream/view.ts";
export { findKind, KINDS, type Kind, type KindInfo } from "./kinds.ts";
export { type LabelPredicate, matchesSelector, parseLabelSelector } from "./labels.ts";
export type { NodeCommand } from "./node/decide.ts";
export { nodeDecider } from "./node/decider.ts";
export type { NodeLive, NodeState } from "./node/state.ts";
export { nodeView } from "./node/view.ts";
export type { ApiObject, ObjectAbsent, ObjectLive, ObjectState } from "./object-state.ts";
export type { PodCommand } from "./pod/decide.ts";
export { podDecider } from "./pod/decider.ts";
export { podReadiness, type Readiness } from "./pod/readiness.ts";
export type { PodLive, PodState } from "./pod/state.ts";
export { type PodPhase, podPhase, podView } from "./pod/view.ts";
export type { PodStatusCommand } from "./pod-status/decide.ts";
export { podStatusDecider } from "./pod-status/decider.ts";
export { isPodStatusEvent, type PodStatusEvent } from "./pod-status/events.ts";
export type { ContainerEnd, ContainerSeen, PodStatusLive, PodStatusState } from "./pod-status/state.ts";
export type { ProjectCommand } from "./project/decide.ts";
export { projectDecider } from "./project/decider.ts";
export type { ProjectLive, ProjectState } from "./project/state.ts";
export { projectView } from "./project/view.ts";
export {
  parseCpuMillis,
  parseMemoryBytes,
  parseQuantity,
  podRequests,
  type QosClass,
  qosClass,
  type ResourceAmounts,
} from "./quantity.ts";
export type { ReplicationControllerCommand } from "./replication-controller/decide.ts";
export { replicationControllerDecider } from "./replication-controller/decider.ts";
export type { ReplicationControllerLive, ReplicationControllerState } from "./replication-controller/state.ts";
export { type ReplicaCounts, replicationControllerView } from "./replication-controller/view.ts";
export { timeOf } from "./rfc3339.ts";
export { HOST_GENERATED, type RouteCommand } from "./route/decide.ts";
export { routeDecider } from "./route/decider.ts";
export type { RouteLive, RouteState } from "./route/state.ts";
export { type RouteAdmission, routeView } from "./route/view.ts";
export { same } from "./same.ts";
export type { ServiceCommand } from "./service/decide.ts";
export { serviceDecider } from "./service/decider.ts";
export type { ServiceLive, ServiceState } from "./service/state.ts";
export type { ServiceAddressCommand } from "./service-address/decide.ts";
export { serviceAddressDecider } from "./service-address/decider.ts";
export type { ServiceAddressLive, ServiceAddressState } from "./service-address/state.ts";
export { type RecordedEvent, type Upcaster, type UpcasterTable, upcastWith } from "./upcast/upcast.ts";
export { upcast } from "./upcast/upcasters.ts";
