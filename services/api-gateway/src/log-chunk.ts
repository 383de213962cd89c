import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { LogLine } from "@slipway/bus";
import type { LogChunkSchema } from "@slipway/proto";

/** Lines of one container as the API shows them. */
export const logChunk = (container: string, lines: readonly LogLine[]): MessageInitShape<typeof LogChunkSchema> => ({
  container,
  lines: lines.map(({ at, stream, text }) => ({ at: timestampFromDate(new Date(at)), stream, text })),
});
