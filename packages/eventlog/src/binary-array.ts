/**
 * One-dimensional arrays in Postgres's binary format, for parameters: no escaping here, no parsing there. A `Buffer`
 * given to `pg` as a parameter travels as it is, in binary.
 * Layout: dimensions, has-nulls flag, element type, length, lower bound (all int32), then length + bytes per element.
 */
const HEADER_BYTES = 20;

const OID = { int4: 23, text: 25, uuid: 2950, jsonb: 3802 } as const;

const allocate = (type: keyof typeof OID, length: number, elementBytes: number): Buffer => {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + 4 * length + elementBytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(OID[type], 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
};

/** `integer[]` */
export const intArray = (values: readonly number[]): Buffer => {
  const buffer = allocate("int4", values.length, 4 * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(value, at);
  }
  return buffer;
};

/** `uuid[]` from UUIDs in text. */
export const uuidArray = (values: readonly string[]): Buffer => {
  const buffer = allocate("uuid", values.length, 16 * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(16, at);
    at += buffer.write(value.replaceAll("-", ""), at, "hex");
  }
  return buffer;
};

/** `text[]` */
export const textArray = (values: readonly string[]): Buffer => strings("text", values, false);

/** `jsonb[]` from JSON in text: each element begins with the format's version, 1. */
export const jsonbArray = (values: readonly string[]): Buffer => strings("jsonb", values, true);

const strings = (type: "text" | "jsonb", values: readonly string[], versioned: boolean): Buffer => {
  const prefix = versioned ? 1 : 0;
  let bytes = 0;
  for (const value of values) bytes += Buffer.byteLength(value) + prefix;
  const buffer = allocate(type, values.length, bytes);
  let at = HEADER_BYTES;
  for (const value of values) {
    const lengthAt = at;
    at += 4;
    if (versioned) at = buffer.writeUInt8(1, at);
    at += buffer.write(value, at);
    buffer.writeInt32BE(at - lengthAt - 4, lengthAt);
  }
  return buffer;
};
