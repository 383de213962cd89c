import type { MessageInitShape } from "@bufbuild/protobuf";
import type { WatchRequestSchema, WatchResponse } from "@slipway/proto";
import { resumed } from "./resumed.ts";
import type { Session } from "./session.ts";

/** The objects of now and every change of them, also across a restart of the server. */
export const watch = (
  session: Session,
  request: MessageInitShape<typeof WatchRequestSchema>,
  signal: AbortSignal,
  onLost?: () => void,
): AsyncIterable<WatchResponse> =>
  resumed((after = 0n) => session.resources.watch({ ...request, fromPosition: after }, { signal }), {
    signal,
    ...(onLost && { onLost }),
  });
