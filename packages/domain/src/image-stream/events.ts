import type { EventOf } from "../event.ts";

/** The events of `imagestream/<project>/<name>`. */
export type ImageStreamEvent = EventOf<
  "ImageStreamCreated" | "ImageStreamChanged" | "ImageTagged" | "ImageStreamDeleted"
>;
