import { type DecodeRow, int64, rowStart } from "./copy-row.ts";
import type { PageReader } from "./page-reader.ts";
import type { Snapshot, Snapshots } from "./port.ts";

/** Snapshots beside the log, in its database. */
export class PostgresSnapshots implements Snapshots {
  readonly #reader: PageReader;

  constructor(reader: PageReader) {
    this.#reader = reader;
  }

  async load(projection: string, schema: number): Promise<Snapshot | undefined> {
    const [snapshot] = await this.#reader.copy({ name: "load_snapshot", args: [projection, schema] }, () => decode);
    return snapshot;
  }

  async save(projection: string, schema: number, position: number, data: Uint8Array): Promise<void> {
    await this.#reader.rows("select slipway.save_snapshot($1, $2, $3, $4)", [
      projection,
      schema,
      position,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ]);
  }
}

/** A row of (position, data). The bytes are copied: `pg` uses its buffer again. */
const decode: DecodeRow<Snapshot> = (chunk) => {
  const at = rowStart(chunk, 2);
  return at === undefined ? undefined : { position: int64(chunk, at + 4), data: Buffer.from(chunk.subarray(at + 16)) };
};
