import { type ClusterState, viewOf } from "@slipway/cluster";
import { type DomainEvent, evolveStream, findKind, isStreamKind } from "@slipway/domain";
import { parseStream, SlipwayError } from "@slipway/kernel";
import type { KindObject } from "@slipway/manifest";
import type { ApplyRequest, Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { type StreamDecision, storeDecision } from "../store-decision.ts";
import { withIdentity } from "./complete-object.ts";
import { ObjectDecisions } from "./decide-object.ts";
import { viewOptions } from "./get.ts";
import { streamOf } from "./object-key.ts";
import { positionOf } from "./read-position.ts";
import { wishedObjects } from "./wished-objects.ts";

type Action = "created" | "configured" | "unchanged";

/** One object of the call and what was decided about it. */
interface Applied {
  readonly object: KindObject;
  readonly stream: string;
  readonly action: Action;
  readonly decisions: readonly StreamDecision[];
}

/** Takes all objects of the call, or none: one append for everything. */
export const apply =
  (context: GatewayContext): ServiceImpl<typeof Resources>["apply"] =>
  async (request, call) => {
    const { objects, warnings } = wishedObjects(request);
    const named = objects.map((object) => withIdentity(object, context));
    refuseTwins(named);
    let applied: readonly Applied[] = [];
    const decide = (state: ClusterState): readonly StreamDecision[] => {
      applied = decideAll(context, state, named, request);
      return applied.flatMap(({ decisions }) => decisions);
    };
    const { state } = context.follower;
    if (request.dryRun) decide(state);
    const position = request.dryRun ? state.position : (await storeDecision(context, call, decide)).position;
    return {
      position: BigInt(position),
      results: applied.map((one) => ({
        key: {
          kind: one.object.kind,
          project: one.object.metadata.namespace ?? "",
          name: one.object.metadata.name ?? "",
        },
        action: one.action,
        resource: resourceMessage(resultOf(context, one, request.dryRun)),
      })),
      warnings: warnings.map(({ object, file, path, message }) => ({
        object: file ? `${file}: ${object}` : object,
        path,
        message,
      })),
    };
  };

const decideAll = (
  context: GatewayContext,
  state: ClusterState,
  objects: readonly KindObject[],
  request: ApplyRequest,
): readonly Applied[] => {
  const decisions = new ObjectDecisions(context, state, request.createOnly);
  const created = new Set(objects.flatMap((object) => (object.kind === "Project" ? [object.metadata.name] : [])));
  const changed: string[] = [];
  const applied = objects.map((object): Applied => {
    const info = findKind(object.kind);
    const { name = "", namespace = "" } = object.metadata;
    if (info?.namespaced) requireProject(state, namespace, created);
    const stream = info === undefined ? "" : streamOf(info, namespace, name);
    const before = viewOf(state, object.kind, namespace, name);
    const guard = positionOf(request.unchangedSince);
    if (guard > 0 && Number(before?.metadata?.resourceVersion ?? 0) > guard) changed.push(`${object.kind} "${name}"`);
    const decided = decisions.decide(object);
    const events = decided[0]?.events ?? [];
    return {
      object,
      stream,
      decisions: decided,
      action: events.length === 0 ? "unchanged" : before === undefined ? "created" : "configured",
    };
  });
  if (changed.length > 0) {
    throw new SlipwayError(
      "FailedPrecondition",
      `Changed after position ${request.unchangedSince}: ${changed.join(", ")}: look at them and apply again.`,
      {
        fields: { changed },
      },
    );
  }
  return applied;
};

const requireProject = (state: ClusterState, project: string, created: ReadonlySet<string | undefined>): void => {
  if (project === "") {
    throw new SlipwayError(
      "Invalid",
      "metadata.namespace: Required value: name the project in the manifest or in the call.",
      {
        problems: [{ path: "metadata.namespace", message: "Required value" }],
      },
    );
  }
  const entry = state.projects.get("", project);
  if (entry === undefined && !created.has(project)) {
    throw new SlipwayError(
      "NotFound",
      `Project "${project}" not found: create it with \`slipway project create ${project}\`.`,
      { fields: { project } },
    );
  }
  if (entry?.state.terminating !== undefined) {
    throw new SlipwayError(
      "ProjectTerminating",
      `Project "${project}" is being deleted and takes nothing new: wait until it is gone.`,
      { fields: { project } },
    );
  }
};

const refuseTwins = (objects: readonly KindObject[]): void => {
  const seen = new Set<string>();
  for (const { kind, metadata } of objects) {
    const key = `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    if (seen.has(key)) {
      throw new SlipwayError(
        "Invalid",
        `metadata.name: Duplicate value: "${metadata.name}": the call holds two ${kind}s of this name.`,
        {
          problems: [{ path: "metadata.name", message: `Duplicate value: "${metadata.name}"` }],
        },
      );
    }
    seen.add(key);
  }
};

/** The object as it is now, or, for a dry run, as it would be. */
const resultOf = (
  context: GatewayContext,
  { object, stream, decisions }: Applied,
  dryRun: boolean,
): { kind?: string } => {
  const { state } = context.follower;
  const { name = "", namespace = "" } = object.metadata;
  if (!dryRun) return viewOf(state, object.kind, namespace, name, viewOptions(context)) ?? object;
  const kind = parseStream(stream)?.kind ?? "";
  if (!isStreamKind(kind)) return object;
  const events: readonly DomainEvent[] = decisions[0]?.events ?? [];
  const after = events.reduce<unknown>(
    (current, event) => evolveStream(kind, current as never, event),
    state.streamState(stream),
  ) as {
    object?: object;
    pod?: object;
    node?: object;
  };
  return { kind: object.kind, ...(after.object ?? after.pod ?? after.node ?? object) };
};
