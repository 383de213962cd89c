import type { EventOf } from "../event.ts";

/** The events of `replicationcontroller/<project>/<name>`. */
export type ReplicationControllerEvent = EventOf<
  | "ReplicationControllerCreated"
  | "ReplicationControllerChanged"
  | "ReplicationControllerScaled"
  | "ReplicationControllerDeleted"
>;
