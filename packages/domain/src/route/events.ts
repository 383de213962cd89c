import type { EventOf } from "../event.ts";

/** The events of `route/<project>/<name>`. */
export type RouteEvent = EventOf<"RouteCreated" | "RouteChanged" | "RouteDeleted">;
