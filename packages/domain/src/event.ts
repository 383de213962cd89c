import type {
  BuildCancelledJson,
  BuildCancelRequestedJson,
  BuildConfigChangedJson,
  BuildConfigCreatedJson,
  BuildConfigDeletedJson,
  BuildConfigInstantiatedJson,
  BuildDeletedJson,
  BuildFailedJson,
  BuildRequestedJson,
  BuildSourceFetchedJson,
  BuildStageStartedJson,
  BuildStartedJson,
  BuildSucceededJson,
  ContainerExitedJson,
  ContainerNotReadyJson,
  ContainerReadyJson,
  ContainerStartedJson,
  ContainerWaitingJson,
  ImageStreamChangedJson,
  ImageStreamCreatedJson,
  ImageStreamDeletedJson,
  ImageTaggedJson,
  NodeCordonedJson,
  NodeDeletedJson,
  NodeReadyJson,
  NodeRegisteredJson,
  NodeUncordonedJson,
  NodeUnreachableJson,
  PodAdoptedJson,
  PodChangedJson,
  PodCreatedJson,
  PodDeletedJson,
  PodDeletionRequestedJson,
  PodFailedJson,
  PodReleasedJson,
  PodSandboxLostJson,
  PodSandboxStartedJson,
  PodScheduledJson,
  PodStoppedJson,
  PodSucceededJson,
  PodUnschedulableJson,
  ProjectChangedJson,
  ProjectCreatedJson,
  ProjectDeletedJson,
  ProjectTerminatingJson,
  ReplicationControllerChangedJson,
  ReplicationControllerCreatedJson,
  ReplicationControllerDeletedJson,
  ReplicationControllerScaledJson,
  RouteChangedJson,
  RouteCreatedJson,
  RouteDeletedJson,
  ServiceAddressClaimedJson,
  ServiceAddressReleasedJson,
  ServiceChangedJson,
  ServiceCreatedJson,
  ServiceDeletedJson,
} from "@slipway/proto";

/**
 * Every event of the log: its type and the JSON of its data. A name stands for ever; see
 * `docs/checklists/new-event.md` for the places to touch.
 */
export interface EventMap {
  ProjectCreated: ProjectCreatedJson;
  ProjectChanged: ProjectChangedJson;
  ProjectTerminating: ProjectTerminatingJson;
  ProjectDeleted: ProjectDeletedJson;
  PodCreated: PodCreatedJson;
  PodChanged: PodChangedJson;
  PodAdopted: PodAdoptedJson;
  PodReleased: PodReleasedJson;
  PodScheduled: PodScheduledJson;
  PodUnschedulable: PodUnschedulableJson;
  PodDeletionRequested: PodDeletionRequestedJson;
  PodDeleted: PodDeletedJson;
  PodSandboxStarted: PodSandboxStartedJson;
  PodSandboxLost: PodSandboxLostJson;
  ContainerWaiting: ContainerWaitingJson;
  ContainerStarted: ContainerStartedJson;
  ContainerExited: ContainerExitedJson;
  ContainerReady: ContainerReadyJson;
  ContainerNotReady: ContainerNotReadyJson;
  PodSucceeded: PodSucceededJson;
  PodFailed: PodFailedJson;
  PodStopped: PodStoppedJson;
  ServiceCreated: ServiceCreatedJson;
  ServiceChanged: ServiceChangedJson;
  ServiceDeleted: ServiceDeletedJson;
  ServiceAddressClaimed: ServiceAddressClaimedJson;
  ServiceAddressReleased: ServiceAddressReleasedJson;
  ReplicationControllerCreated: ReplicationControllerCreatedJson;
  ReplicationControllerChanged: ReplicationControllerChangedJson;
  ReplicationControllerScaled: ReplicationControllerScaledJson;
  ReplicationControllerDeleted: ReplicationControllerDeletedJson;
  NodeRegistered: NodeRegisteredJson;
  NodeReady: NodeReadyJson;
  NodeUnreachable: NodeUnreachableJson;
  NodeCordoned: NodeCordonedJson;
  NodeUncordoned: NodeUncordonedJson;
  NodeDeleted: NodeDeletedJson;
  BuildConfigCreated: BuildConfigCreatedJson;
  BuildConfigChanged: BuildConfigChangedJson;
  BuildConfigInstantiated: BuildConfigInstantiatedJson;
  BuildConfigDeleted: BuildConfigDeletedJson;
  BuildRequested: BuildRequestedJson;
  BuildStarted: BuildStartedJson;
  BuildStageStarted: BuildStageStartedJson;
  BuildSourceFetched: BuildSourceFetchedJson;
  BuildCancelRequested: BuildCancelRequestedJson;
  BuildCancelled: BuildCancelledJson;
  BuildFailed: BuildFailedJson;
  BuildSucceeded: BuildSucceededJson;
  BuildDeleted: BuildDeletedJson;
  ImageStreamCreated: ImageStreamCreatedJson;
  ImageStreamChanged: ImageStreamChangedJson;
  ImageTagged: ImageTaggedJson;
  ImageStreamDeleted: ImageStreamDeletedJson;
  RouteCreated: RouteCreatedJson;
  RouteChanged: RouteChangedJson;
  RouteDeleted: RouteDeletedJson;
}

export type EventType = keyof EventMap;

/** One event before it has an id and a place in the log. */
export type EventOf<T extends EventType> = { readonly [K in T]: { readonly type: K; readonly data: EventMap[K] } }[T];

export type DomainEvent = EventOf<EventType>;

// A record, so that the compiler refuses a type that is missing here or too many.
const TYPES: Record<EventType, true> = {
  ProjectCreated: true,
  ProjectChanged: true,
  ProjectTerminating: true,
  ProjectDeleted: true,
  PodCreated: true,
  PodChanged: true,
  PodAdopted: true,
  PodReleased: true,
  PodScheduled: true,
  PodUnschedulable: true,
  PodDeletionRequested: true,
  PodDeleted: true,
  PodSandboxStarted: true,
  PodSandboxLost: true,
  ContainerWaiting: true,
  ContainerStarted: true,
  ContainerExited: true,
  ContainerReady: true,
  ContainerNotReady: true,
  PodSucceeded: true,
  PodFailed: true,
  PodStopped: true,
  ServiceCreated: true,
  ServiceChanged: true,
  ServiceDeleted: true,
  ServiceAddressClaimed: true,
  ServiceAddressReleased: true,
  ReplicationControllerCreated: true,
  ReplicationControllerChanged: true,
  ReplicationControllerScaled: true,
  ReplicationControllerDeleted: true,
  NodeRegistered: true,
  NodeReady: true,
  NodeUnreachable: true,
  NodeCordoned: true,
  NodeUncordoned: true,
  NodeDeleted: true,
  BuildConfigCreated: true,
  BuildConfigChanged: true,
  BuildConfigInstantiated: true,
  BuildConfigDeleted: true,
  BuildRequested: true,
  BuildStarted: true,
  BuildStageStarted: true,
  BuildSourceFetched: true,
  BuildCancelRequested: true,
  BuildCancelled: true,
  BuildFailed: true,
  BuildSucceeded: true,
  BuildDeleted: true,
  ImageStreamCreated: true,
  ImageStreamChanged: true,
  ImageTagged: true,
  ImageStreamDeleted: true,
  RouteCreated: true,
  RouteChanged: true,
  RouteDeleted: true,
};

/** All types that the log accepts. */
export const EVENT_TYPES: readonly EventType[] = Object.keys(TYPES) as EventType[];
