import type { EventOf } from "../event.ts";

/** The events of `project/_/<name>`. */
export type ProjectEvent = EventOf<"ProjectCreated" | "ProjectChanged" | "ProjectTerminating" | "ProjectDeleted">;
