import { promisify } from "node:util";
import { constants, gunzipSync, gzip } from "node:zlib";
import { isStreamKind, type PodLive, type StreamKind } from "@slipway/domain";
import type { PodSpecJson } from "@slipway/proto";
import { ClusterState, STREAM_KINDS } from "./cluster-state.ts";
import type { Entry } from "./entry.ts";
import type { Remains } from "./table.ts";

/** Raised with every change of a state's shape: an older snapshot is then passed over, and the log read from the start. */
export const SNAPSHOT_SCHEMA = 2;

/** Lines made before others get their turn: about 10 ms. */
const LINES_AT_ONCE = 2_000;

const LINE_END = 10;

const compress = promisify(gzip);

/**
 * The lines of a snapshot, which are JSON arrays told apart by their first member:
 *   ["position", n]  ["spec", PodSpec]  ["live", kind, stream, project, name, version, position, createdAt, state]
 *   ["gone", kind, project, name, remains]
 * A pod's spec is the number of the `spec` line before it, counted from 0, because many pods share one.
 */
type Line =
  | readonly ["position", number]
  | readonly ["spec", PodSpecJson]
  | readonly ["live", StreamKind, string, string, string, number, number, number, unknown]
  | readonly ["gone", StreamKind, string, string, Remains];

/**
 * The whole state as bytes, as it is at the call: entries are never changed, so what comes later is not in it. The
 * work is done in pieces, with other work between them.
 */
export const encodeSnapshot = async (state: ClusterState): Promise<Uint8Array> => {
  const live = STREAM_KINDS.map((kind) => [kind, [...state.entries(kind)]] as const);
  const gone = STREAM_KINDS.map((kind) => [kind, [...state.remains(kind)]] as const);
  const chunks: Buffer[] = [Buffer.from(`${JSON.stringify(["position", state.position])}\n`)];
  let lines: string[] = [];
  const breathe = async (): Promise<void> => {
    chunks.push(Buffer.from(lines.map((line) => `${line}\n`).join("")));
    lines = [];
    await new Promise((resolve) => setImmediate(resolve));
  };
  const specs = new Map<PodSpecJson, number>();
  for (const [kind, entries] of live) {
    for (const entry of entries) {
      for (const line of linesOf(kind, entry, specs)) lines.push(JSON.stringify(line));
      if (lines.length >= LINES_AT_ONCE) await breathe();
    }
  }
  for (const [kind, streams] of gone) {
    for (const [project, name, remains] of streams) {
      lines.push(JSON.stringify(["gone", kind, project, name, remains] satisfies Line));
      if (lines.length >= LINES_AT_ONCE) await breathe();
    }
  }
  await breathe();
  return compress(Buffer.concat(chunks), { level: constants.Z_BEST_SPEED });
};

function* linesOf(kind: StreamKind, entry: Entry<unknown>, specs: Map<PodSpecJson, number>): Generator<Line> {
  const { stream, project, name, version, position, createdAt } = entry;
  let state = entry.state;
  if (kind === "pod") {
    const { pod, ...rest } = state as PodLive;
    let number = pod.spec && specs.get(pod.spec);
    if (pod.spec !== undefined && number === undefined) {
      number = specs.size;
      specs.set(pod.spec, number);
      yield ["spec", pod.spec];
    }
    state = { ...rest, pod: { ...pod, spec: number } };
  }
  yield ["live", kind, stream, project, name, version, position, createdAt, state];
}

/** The state that `encodeSnapshot` was given. Throws anything at all when the bytes are no snapshot of this schema. */
export const decodeSnapshot = (data: Uint8Array): ClusterState => {
  const state = new ClusterState();
  const specs: PodSpecJson[] = [];
  const text = gunzipSync(data);
  // Line by line from the bytes: the whole would not fit into one string of a large cluster.
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(LINE_END, from);
    const until = end < 0 ? text.length : end;
    takeLine(state, specs, JSON.parse(text.toString("utf8", from, until)) as Line);
    from = until + 1;
  }
  return state;
};

const takeLine = (state: ClusterState, specs: PodSpecJson[], line: Line): void => {
  switch (line[0]) {
    case "position":
      state.position = line[1];
      return;
    case "spec":
      specs.push(line[1]);
      return;
    case "live": {
      const [, kind, stream, project, name, version, position, createdAt, value] = line;
      if (!isStreamKind(kind)) return;
      const restored = kind === "pod" ? withSpec(value as PodLive, specs) : value;
      state.restoreEntry(kind, { stream, project, name, version, position, createdAt, state: restored });
      return;
    }
    case "gone": {
      const [, kind, project, name, remains] = line;
      if (isStreamKind(kind)) state.restoreRemains(kind, project, name, remains);
      return;
    }
    default:
      line satisfies never;
  }
};

const withSpec = (state: PodLive, specs: readonly PodSpecJson[]): PodLive => {
  const { spec: number, ...pod } = state.pod as { spec?: unknown };
  const spec = typeof number === "number" ? specs[number] : undefined;
  return { ...state, pod: { ...pod, ...(spec === undefined ? {} : { spec }) } };
};
