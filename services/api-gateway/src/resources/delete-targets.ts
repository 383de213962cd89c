import { type ClusterState, listView } from "@slipway/cluster";
import type { KindInfo } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { DeleteRequest } from "@slipway/proto";
import { kindNamed, notFound, projectFor, streamOf } from "./object-key.ts";

/** One object that is to go. */
export interface Target {
  readonly kind: KindInfo;
  readonly project: string;
  readonly name: string;
  readonly stream: string;
}

/** The objects that a call means, each once. Throws `NotFound` for a key that nothing has, unless the call says that this is well. */
export const targetsOf = (state: ClusterState, request: DeleteRequest): readonly Target[] => {
  const targets = request.keys.length > 0 ? targetsByKey(state, request) : targetsBySelector(state, request);
  return [...new Map(targets.map((target) => [target.stream, target])).values()];
};

const deletableKind = (name: string): KindInfo => {
  const kind = kindNamed(name);
  if (kind.derived !== true) return kind;
  throw new SlipwayError(
    "Invalid",
    `kind: ${kind.plural} are derived and cannot be deleted: delete what they come from.`,
    { problems: [{ path: "kind", message: `${kind.plural} are derived` }] },
  );
};

const targetsByKey = (state: ClusterState, { keys, ignoreNotFound }: DeleteRequest): Target[] =>
  keys.flatMap((key) => {
    const kind = deletableKind(key.kind);
    const project = projectFor(kind, key.project);
    if (key.name === "") {
      throw new SlipwayError("Invalid", "name: Required value: say which object, or choose by label.", {
        problems: [{ path: "keys.name", message: "Required value" }],
      });
    }
    const stream = streamOf(kind, project, key.name);
    const current = state.streamState(stream) as { readonly status: string } | undefined;
    if (current?.status === "live") return [{ kind, project, name: key.name, stream }];
    if (ignoreNotFound) return [];
    throw notFound(kind, project, key.name);
  });

const targetsBySelector = (state: ClusterState, request: DeleteRequest): Target[] => {
  const kind = deletableKind(request.kind);
  const project = projectFor(kind, request.project);
  const { labelSelector } = request;
  return listView(state, kind.kind, kind.namespaced ? project : undefined, { labelSelector }).map(({ metadata }) => {
    const name = metadata?.name ?? "";
    return { kind, project, name, stream: streamOf(kind, project, name) };
  });
};
