import { type BuildState, buildConfigDecider, buildDecider } from "@slipway/domain";
import type { Build, Builds } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import { callerOf } from "../caller.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { objectAfter } from "../resources/object-after.ts";
import { kindNamed, notFound, projectFor } from "../resources/object-key.ts";
import { requireProject } from "../resources/require-project.ts";
import { type StreamDecision, storeDecision } from "../store-decision.ts";
import { buildOf } from "./build-of.ts";
import { checkStart } from "./check-start.ts";

/** Makes the next build of a build config; the builder takes it from there. */
export const start =
  (context: GatewayContext): ServiceImpl<typeof Builds>["start"] =>
  async (request, call) => {
    checkStart(request);
    const kind = kindNamed("BuildConfig");
    const project = projectFor(kind, request.project);
    const caller = callerOf(call, context);
    // The same for a repetition of this call, by which it finds the build that it has made.
    const uid = caller.newId();
    let name = "";
    const { position, ahead } = await storeDecision(context, caller, call, (state) => {
      const made = caller.mayBeRepeated ? [...state.builds.list(project)].find((one) => uidOf(one) === uid) : undefined;
      if (made !== undefined) {
        name = made.name;
        return [];
      }
      requireProject(state, project);
      const config = state.buildConfigs.get(project, request.buildConfig);
      if (config === undefined) throw notFound(kind, project, request.buildConfig);
      const number = config.state.lastVersion + 1;
      name = `${config.name}-${number}`;
      const stream = `build/${project}/${name}`;
      const createdAt = new Date(context.clock.now()).toISOString();
      const build = buildOf(config.state.object, { name, number, uid, createdAt }, request);
      return [
        {
          stream: config.stream,
          events: buildConfigDecider.decide({ type: "InstantiateBuildConfig", number, build: name }, config.state),
        },
        {
          stream,
          events: buildDecider.decide({ type: "RequestBuild", build }, state.streamState(stream) as BuildState),
        },
      ];
    });
    return { build: buildMessage(context, project, name, ahead), position: BigInt(position) };
  };

const uidOf = ({ state }: { state: { object: { metadata?: { uid?: string } } } }) => state.object.metadata?.uid;

/** The build as it is now; `ahead`: what the read model does not hold of it yet. */
export const buildMessage = (
  context: GatewayContext,
  project: string,
  name: string,
  ahead: readonly StreamDecision[],
): Build | undefined => {
  const stream = `build/${project}/${name}`;
  const object = objectAfter(context, { kind: "Build", project, name, stream }, ahead);
  if (object === undefined) throw notFound(kindNamed("Build"), project, name);
  const { kind } = resourceMessage(object);
  return kind.case === "build" ? kind.value : undefined;
};
