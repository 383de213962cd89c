import { findKind, type KindInfo } from "@slipway/domain";
import { SlipwayError, streamName } from "@slipway/kernel";

/** A kind by any of its names; `UnknownKind` when there is none. */
export const kindNamed = (name: string): KindInfo => {
  const kind = findKind(name);
  if (kind !== undefined) return kind;
  throw new SlipwayError(
    "UnknownKind",
    name === ""
      ? "kind: Required value: say which kind is meant."
      : `There is no kind "${name}": \`Kinds\` lists what there is.`,
    { problems: [{ path: "kind", message: name === "" ? "Required value" : `Unsupported value: "${name}"` }] },
  );
};

/** The project that objects of a kind live in, as streams and tables name it. */
export const projectFor = (kind: KindInfo, project: string): string => {
  if (!kind.namespaced) return "";
  if (project !== "") return project;
  throw new SlipwayError("Invalid", `project: Required value: a ${kind.kind} lives in a project.`, {
    problems: [{ path: "project", message: "Required value" }],
  });
};

export const streamOf = (kind: KindInfo, project: string, name: string): string =>
  streamName(kind.stream, kind.namespaced ? project : undefined, name);

export const notFound = (kind: KindInfo, project: string, name: string): SlipwayError =>
  new SlipwayError(
    "NotFound",
    `${kind.plural} "${name}" not found${kind.namespaced ? ` in project "${project}"` : ""}.`,
    { fields: { kind: kind.kind, project, name } },
  );
