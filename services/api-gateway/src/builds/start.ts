import { toJson } from "@bufbuild/protobuf";
import { viewOf } from "@slipway/cluster";
import { type BuildState, buildConfigDecider, buildDecider } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { BuildConfigJson, BuildJson, Builds, EnvVarJson, StartBuildRequest } from "@slipway/proto";
import { EnvVarSchema } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { viewOptions } from "../resources/get.ts";
import { kindNamed, notFound, projectFor } from "../resources/object-key.ts";
import { storeDecision } from "../store-decision.ts";

/** Makes the next build of a build config; the builder takes it from there. */
export const start =
  (context: GatewayContext): ServiceImpl<typeof Builds>["start"] =>
  async (request, call) => {
    const kind = kindNamed("BuildConfig");
    const project = projectFor(kind, request.project);
    let build = "";
    const { position } = await storeDecision(context, call, (state) => {
      const entry = state.buildConfigs.get(project, request.buildConfig);
      if (entry === undefined) throw notFound(kind, project, request.buildConfig);
      if (state.projects.get("", project)?.state.terminating !== undefined) {
        throw new SlipwayError("ProjectTerminating", `Project "${project}" is being deleted and takes nothing new.`);
      }
      const number = entry.state.lastVersion + 1;
      build = `${entry.name}-${number}`;
      const stream = `build/${project}/${build}`;
      const object = buildOf(entry.state.object, build, number, request, context);
      return [
        {
          stream: entry.stream,
          events: buildConfigDecider.decide({ type: "InstantiateBuildConfig", number, build }, entry.state),
        },
        {
          stream,
          events: buildDecider.decide({ type: "RequestBuild", build: object }, state.streamState(stream) as BuildState),
        },
      ];
    });
    return { build: buildMessage(context, project, build), position: BigInt(position) };
  };

/** The build as it is now. */
export const buildMessage = (context: GatewayContext, project: string, name: string) => {
  const object = viewOf(context.follower.state, "Build", project, name, viewOptions(context));
  if (object === undefined) throw notFound(kindNamed("Build"), project, name);
  const { kind } = resourceMessage(object);
  return kind.case === "build" ? kind.value : undefined;
};

const buildOf = (
  config: BuildConfigJson,
  name: string,
  number: number,
  request: StartBuildRequest,
  { newId, clock }: GatewayContext,
): BuildJson => {
  const { source, strategy, output, completionDeadlineSeconds, resources, runPolicy } = config.spec ?? {};
  const env = request.env.map((variable) => toJson(EnvVarSchema, variable) as EnvVarJson);
  const owner = config.metadata ?? {};
  return {
    apiVersion: "build.openshift.io/v1",
    kind: "Build",
    metadata: {
      name,
      namespace: owner.namespace ?? "",
      uid: newId(),
      creationTimestamp: new Date(clock.now()).toISOString(),
      labels: {
        ...owner.labels,
        buildconfig: owner.name ?? "",
        "openshift.io/build-config.name": owner.name ?? "",
        "openshift.io/build.start-policy": runPolicy || "Serial",
      },
      annotations: { "openshift.io/build-config.name": owner.name ?? "", "openshift.io/build.number": String(number) },
      ownerReferences: [
        {
          apiVersion: "build.openshift.io/v1",
          kind: "BuildConfig",
          name: owner.name ?? "",
          uid: owner.uid ?? "",
          controller: true,
        },
      ],
    },
    spec: {
      ...(source ? { source } : {}),
      ...(strategy ? { strategy: withEnv(strategy, env) } : {}),
      ...(output ? { output } : {}),
      ...(completionDeadlineSeconds === undefined ? {} : { completionDeadlineSeconds }),
      ...(resources ? { resources } : {}),
      ...(request.commit === "" ? {} : { revision: { git: { commit: request.commit } } }),
      triggeredBy: [{ message: "Manually triggered" }],
    },
  };
};

type Strategy = NonNullable<NonNullable<BuildJson["spec"]>["strategy"]>;

/** Variables of this build alone come after the config's own, so that they win. */
const withEnv = (strategy: Strategy, env: readonly EnvVarJson[]): Strategy => {
  if (env.length === 0) return strategy;
  const { sourceStrategy, dockerStrategy } = strategy;
  return {
    ...strategy,
    ...(sourceStrategy ? { sourceStrategy: { ...sourceStrategy, env: [...(sourceStrategy.env ?? []), ...env] } } : {}),
    ...(dockerStrategy ? { dockerStrategy: { ...dockerStrategy, env: [...(dockerStrategy.env ?? []), ...env] } } : {}),
  };
};
