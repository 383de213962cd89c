import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { StoredEvent } from "@slipway/kernel";
import type { EventSchema } from "@slipway/proto";

/** An event of the log as the API shows it. */
export const eventMessage = (event: StoredEvent): MessageInitShape<typeof EventSchema> => ({
  position: BigInt(event.position),
  stream: event.stream,
  version: BigInt(event.version),
  id: event.id,
  type: event.type,
  data: event.data as JsonObject,
  actor: event.meta.actor,
  source: event.meta.source ?? "",
  correlation: event.meta.correlation ?? "",
  causation: event.meta.causation ?? "",
  recordedAt: timestampFromDate(new Date(event.recordedAt)),
});
