import { type ClusterState, viewOf } from "@slipway/cluster";
import { findKind, KINDS, type KindInfo } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { KindObject } from "@slipway/manifest";
import type { ApplyRequest, Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import { type Caller, callerOf } from "../caller.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { type StreamDecision, storeDecision } from "../store-decision.ts";
import { aboutObject } from "./about-object.ts";
import { changedSince, refuseChanged } from "./changed-since.ts";
import { ObjectDecisions } from "./decide-object.ts";
import { withIdentity } from "./identity.ts";
import { objectAfter, type Placed } from "./object-after.ts";
import { streamOf } from "./object-key.ts";
import { positionOf } from "./read-position.ts";
import { requireProject } from "./require-project.ts";
import { wishedObjects } from "./wished-objects.ts";

/** One object of the call with its place. */
interface Wish extends Placed {
  readonly object: KindObject;
  /** Its name was made up here, so nothing of that name may be there. */
  readonly generated: boolean;
}

/** What was decided about a wish. */
interface Applied {
  readonly wish: Wish;
  readonly action: "created" | "configured" | "unchanged";
  readonly decisions: readonly StreamDecision[];
}

/** Takes all objects of the call, or none: one append for everything. */
export const apply =
  (context: GatewayContext): ServiceImpl<typeof Resources>["apply"] =>
  async (request, call) => {
    const { log, follower } = context;
    const { objects, warnings } = wishedObjects(request);
    const caller = callerOf(call, context);
    const wishes = objects.map((object) => wishOf(context, caller, object));
    refuseTwins(wishes);
    let applied: readonly Applied[] = [];
    const decide = (state: ClusterState): readonly StreamDecision[] => {
      applied = decideAll(context, caller, state, wishes, request);
      return [...applied].sort(byKind).flatMap(({ decisions }) => decisions);
    };
    const guard = positionOf(request.unchangedSince);
    // A change that comes between this look and the append meets a conflict, and the decision is made on the change: so
    // the look is repeated before each decision that is not the first.
    const look = async () =>
      guard > 0 && refuseChanged(await changedSince(log, follower.state, wishes, guard, call.signal), guard);
    await look();
    const { position, ahead } = request.dryRun
      ? { position: follower.state.position, ahead: decide(follower.state) }
      : await storeDecision(context, caller, call, decide, look);
    return {
      position: BigInt(position),
      results: applied.map(({ wish, action }) => ({
        key: { kind: wish.kind, project: wish.project, name: wish.name },
        action,
        resource: resourceMessage(objectAfter(context, wish, ahead) ?? wish.object),
      })),
      warnings: warnings.map(({ object, file, path, message }) => ({
        object: file ? `${file}: ${object}` : object,
        path,
        message,
      })),
    };
  };

const infoOf = (kind: string): KindInfo => {
  const info = findKind(kind);
  if (info === undefined) throw new SlipwayError("UnknownKind", `There is no kind "${kind}".`);
  return info;
};

const wishOf = (context: GatewayContext, caller: Caller, given: KindObject): Wish => {
  const info = infoOf(given.kind);
  const object = withIdentity(given, info, context, caller);
  const { name = "", namespace = "" } = object.metadata;
  const project = info.namespaced ? namespace : "";
  return {
    object,
    generated: !given.metadata.name,
    kind: info.kind,
    project,
    name,
    stream: info.namespaced && project === "" ? "" : streamOf(info, project, name),
  };
};

const decideAll = (
  context: GatewayContext,
  caller: Caller,
  state: ClusterState,
  wishes: readonly Wish[],
  request: ApplyRequest,
): readonly Applied[] => {
  const decisions = new ObjectDecisions({
    state,
    random: caller.random,
    settings: context.settings,
    asked: wishes.flatMap(({ object }) => (object.kind === "Service" ? (object.spec?.clusterIP ?? []) : [])),
  });
  const created = new Set(wishes.flatMap(({ kind, name }) => (kind === "Project" ? [name] : [])));
  return wishes.map((wish): Applied => {
    const decided = aboutObject(wish.kind, wish.name, () => {
      if (infoOf(wish.kind).namespaced) requireProject(state, wish.project, created);
      return decisions.decide(wish.object, wish.stream, request.createOnly || wish.generated);
    });
    const own = decided.find(({ stream }) => stream === wish.stream)?.events ?? [];
    const there = viewOf(state, wish.kind, wish.project, wish.name) !== undefined;
    return {
      wish,
      decisions: decided,
      action: own.length === 0 ? "unchanged" : there ? "configured" : "created",
    };
  });
};

const ORDER = new Map((KINDS as readonly KindInfo[]).map(({ kind }, i) => [kind, i]));

/** Projects stand in the log before what lives in them, services before the pods that may look for them. */
const byKind = (a: Applied, b: Applied): number => (ORDER.get(a.wish.kind) ?? 0) - (ORDER.get(b.wish.kind) ?? 0);

const refuseTwins = (wishes: readonly Wish[]): void => {
  const seen = new Set<string>();
  for (const { kind, project, name } of wishes) {
    const key = `${kind} ${project}/${name}`;
    if (seen.has(key)) {
      throw new SlipwayError(
        "Invalid",
        `${kind}/${name}: metadata.name: Duplicate value: the call holds two of them.`,
        {
          problems: [{ path: `${kind}/${name}: metadata.name`, message: `Duplicate value: "${name}"` }],
        },
      );
    }
    seen.add(key);
  }
};
