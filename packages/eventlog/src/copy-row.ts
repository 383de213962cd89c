/**
 * Rows from `COPY … TO STDOUT (FORMAT binary)`, which `pg` hands over one chunk a row: the number of fields (int16), then
 * per field its length (int32) and bytes. The first chunk may carry the header, the last is a trailer.
 */
export type DecodeRow<Row> = (chunk: Buffer) => Row | undefined;

/** "PGCOPY\n\xff\r\n\0", flags, length of the extension. */
const HEADER_BYTES = 19;

/** Where the first field's length stands; `undefined` when the chunk holds no row of that many fields. */
export const rowStart = (chunk: Buffer, fields: number): number | undefined => {
  const start = chunk.length >= HEADER_BYTES && chunk[0] === 0x50 && chunk[1] === 0x47 ? HEADER_BYTES : 0;
  return chunk.length >= start + 2 && chunk.readInt16BE(start) === fields ? start + 2 : undefined;
};

/** A bigint as a number; positions and microseconds stay far below 2^53. */
export const int64 = (chunk: Buffer, at: number): number =>
  chunk.readInt32BE(at) * 4_294_967_296 + chunk.readUInt32BE(at + 4);
