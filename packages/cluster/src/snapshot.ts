import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { StreamKind } from "@slipway/domain";
import { ClusterState } from "./cluster-state.ts";
import type { Slot } from "./table.ts";

/** Raised with every change of a state's shape: an older snapshot is then passed over, and the log read from the start. */
export const SNAPSHOT_SCHEMA = 1;

/** The whole state as bytes: gzipped lines of JSON, one a stream. */
export const encodeSnapshot = (state: ClusterState): Uint8Array => {
  const lines: string[] = [];
  for (const { kind, slot } of state.slots()) {
    lines.push(
      JSON.stringify([
        kind,
        slot.stream,
        slot.project,
        slot.name,
        slot.version,
        slot.position,
        slot.createdAt,
        slot.state,
      ]),
    );
  }
  return gzipSync(lines.join("\n"), { level: 1 });
};

/** The state that `encodeSnapshot` was given, at `position`. */
export const decodeSnapshot = (data: Uint8Array, position: number): ClusterState => {
  const state = new ClusterState();
  const text = gunzipSync(data).toString("utf8");
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? undefined : end);
    from = end < 0 ? text.length : end + 1;
    const [kind, stream, project, name, version, at, createdAt, value] = JSON.parse(line) as [
      StreamKind,
      string,
      string,
      string,
      number,
      number,
      number,
      unknown,
    ];
    state.restore(kind, {
      stream,
      project,
      name,
      version,
      position: at,
      createdAt,
      state: value,
    } satisfies Slot<unknown>);
  }
  state.position = position;
  return state;
};

/** A hash of the whole state: equal states have equal fingerprints, in whatever order they came to be. */
export const fingerprint = (state: ClusterState): string => {
  const lines = [...state.slots()]
    .map(({ slot }) => `${slot.stream} ${slot.version} ${slot.position} ${slot.createdAt} ${canonical(slot.state)}`)
    .sort();
  return createHash("sha256")
    .update(`${state.position}\n${lines.join("\n")}`)
    .digest("hex");
};

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
