import type { EventOf } from "../event.ts";

/** The events of `buildconfig/<project>/<name>`. */
export type BuildConfigEvent = EventOf<
  "BuildConfigCreated" | "BuildConfigChanged" | "BuildConfigInstantiated" | "BuildConfigDeleted"
>;
