import { createHash } from "node:crypto";
import { type ClusterState, STREAM_KINDS } from "./cluster-state.ts";

/**
 * A hash of the whole state: equal states have equal fingerprints, in whatever order they came to be. It proves that a
 * service's state is the fold of the log from its beginning.
 */
export const fingerprint = (state: ClusterState): string => {
  const hash = createHash("sha256").update(`${state.position}\n`);
  for (const kind of STREAM_KINDS) {
    const lines: string[] = [];
    for (const { project, name, version, position, createdAt, state: value } of state.entries(kind)) {
      lines.push(`${kind}/${project}/${name} ${version} ${position} ${createdAt} ${canonical(value)}`);
    }
    for (const [project, name, remains] of state.remains(kind)) {
      lines.push(`${kind}/${project}/${name} gone ${canonical(remains)}`);
    }
    for (const line of lines.sort()) hash.update(line).update("\n");
  }
  return hash.digest("hex");
};

/** JSON with the members of every object in one order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
