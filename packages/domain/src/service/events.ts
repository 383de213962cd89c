import type { EventOf } from "../event.ts";

/** The events of `service/<project>/<name>`. */
export type ServiceEvent = EventOf<"ServiceCreated" | "ServiceChanged" | "ServiceDeleted">;
