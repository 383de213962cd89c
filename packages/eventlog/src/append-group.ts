import { SlipwayError } from "@slipway/kernel";
import { intArray, jsonbArray, textArray, uuidArray } from "./binary-array.ts";
import type { AppendResult } from "./port.ts";
import type { PreparedBatch } from "./prepare.ts";

/** What became of one batch of a group. */
export type Verdict = AppendResult | SlipwayError;

/** The call of `sql/append_group.sql`; prepared once a connection. */
export const APPEND_GROUP = {
  name: "append_group",
  text: "select base, refused from slipway.append_group($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
} as const;

/** The row that it answers. `base` is a bigint, so text. */
export interface AppendGroupRow {
  readonly base: string;
  readonly refused: Readonly<Record<string, Refusal>> | null;
}

interface Refusal {
  readonly sqlstate: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The parameters of the call for these batches, numbered from 1 in their order. */
export const groupParameters = (group: readonly PreparedBatch[]): readonly Buffer[] => {
  const streams = new Map<string, number>();
  const check = { batch: [] as number[], stream: [] as number[], expected: [] as number[], count: [] as number[] };
  const event = {
    check: [] as number[],
    number: [] as number[],
    stream: [] as string[],
    id: [] as string[],
    type: [] as string[],
    data: [] as string[],
    meta: [] as string[],
  };
  group.forEach((batch, index) => {
    for (const { stream, expected, events } of batch.streams) {
      const number = streams.get(stream) ?? streams.size + 1;
      streams.set(stream, number);
      check.batch.push(index + 1);
      check.stream.push(number);
      check.expected.push(expected);
      check.count.push(events.length);
      events.forEach(({ id, type, data }, nth) => {
        event.check.push(check.batch.length);
        event.number.push(nth);
        event.stream.push(stream);
        event.id.push(id);
        event.type.push(type);
        event.data.push(data);
        event.meta.push(batch.meta);
      });
    }
  });
  return [
    textArray([...streams.keys()]),
    intArray(check.batch),
    intArray(check.stream),
    intArray(check.expected),
    intArray(check.count),
    intArray(event.check),
    intArray(event.number),
    textArray(event.stream),
    uuidArray(event.id),
    textArray(event.type),
    jsonbArray(event.data),
    jsonbArray(event.meta),
  ];
};

/** One verdict for each batch of the group, in order. */
export const groupVerdicts = (group: readonly PreparedBatch[], row: AppendGroupRow): readonly Verdict[] => {
  let next = Number(row.base) + 1;
  return group.map((batch, index) => {
    const refusal = row.refused?.[index + 1];
    if (refusal !== undefined) return verdictOfRefusal(batch, refusal);
    const positions = Array.from({ length: batch.eventCount }, (_, nth) => next + nth);
    next += batch.eventCount;
    return { position: next - 1, positions, duplicate: false };
  });
};

const verdictOfRefusal = (batch: PreparedBatch, { sqlstate, detail }: Refusal): Verdict => {
  if (sqlstate !== "00000") return appendRefused(sqlstate, detail);
  return repeated(batch, new Map(Object.entries(detail.positions as Record<string, number>)));
};

/** The first result of a batch whose events stand in the log already. */
export const repeated = (batch: PreparedBatch, known: ReadonlyMap<string, number>): AppendResult => {
  const positions = batch.streams.flatMap(({ events }) => events.map(({ id }) => known.get(id) ?? 0));
  return { position: positions.at(-1) ?? 0, positions, duplicate: true };
};

/** The error for a SQLSTATE of ours and its facts: SW001 conflict, SW002 reused id. */
export const appendRefused = (sqlstate: string, detail: Readonly<Record<string, unknown>>): SlipwayError => {
  if (sqlstate === "SW001") {
    return new SlipwayError(
      "VersionConflict",
      `Stream ${detail.stream} has version ${detail.actual}, not ${detail.expected}: reload it and decide again.`,
      { fields: detail },
    );
  }
  if (sqlstate === "SW002") {
    return new SlipwayError(
      "DuplicateEventId",
      `Event id ${detail.id} stands in the log already, at position ${detail.position}, but not all of this batch does: repeat the first batch unchanged, or give new ids.`,
      { fields: detail },
    );
  }
  return new SlipwayError("Internal", `The log refused an append with SQLSTATE ${sqlstate}.`, { fields: detail });
};
