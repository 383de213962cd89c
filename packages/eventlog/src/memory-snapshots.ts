import type { Snapshot, Snapshots } from "./port.ts";

/** Snapshots that live and die with the process. */
export class MemorySnapshots implements Snapshots {
  readonly #kept = new Map<string, Map<number, Snapshot>>();

  async load(projection: string, schema: number): Promise<Snapshot | undefined> {
    const kept = this.#kept.get(projection)?.get(schema);
    return kept && { position: kept.position, data: kept.data.slice() };
  }

  async save(projection: string, schema: number, position: number, data: Uint8Array): Promise<void> {
    const schemas = this.#kept.get(projection) ?? new Map<number, Snapshot>();
    this.#kept.set(projection, schemas);
    const kept = schemas.get(schema);
    if (kept === undefined || kept.position <= position) schemas.set(schema, { position, data: data.slice() });
    for (const older of [...schemas.keys()]) if (older < schema - 1) schemas.delete(older);
  }
}
