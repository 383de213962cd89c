import type { EventOf } from "../event.ts";

/** The events of `node/_/<name>`. */
export type NodeEvent = EventOf<
  "NodeRegistered" | "NodeReady" | "NodeUnreachable" | "NodeCordoned" | "NodeUncordoned" | "NodeDeleted"
>;
