import { toJson } from "@bufbuild/protobuf";
import {
  type BuildConfigJson,
  type BuildJson,
  type EnvVarJson,
  EnvVarSchema,
  type StartBuildRequest,
} from "@slipway/proto";

/** What tells one build of a config from the next. */
export interface BuildIdentity {
  readonly name: string;
  readonly number: number;
  readonly uid: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

const CONFIG_NAME = "openshift.io/build-config.name";

/** The build that a config makes now: a copy of its spec, so that later changes of the config leave the build alone. */
export const buildOf = (
  config: BuildConfigJson,
  { name, number, uid, createdAt }: BuildIdentity,
  request: Pick<StartBuildRequest, "commit" | "env">,
): BuildJson => {
  const { source, strategy, output, completionDeadlineSeconds, resources, runPolicy } = config.spec ?? {};
  const env = request.env.map((variable) => toJson(EnvVarSchema, variable) as EnvVarJson);
  const owner = config.metadata?.name ?? "";
  return {
    apiVersion: "build.openshift.io/v1",
    kind: "Build",
    metadata: {
      name,
      namespace: config.metadata?.namespace ?? "",
      uid,
      creationTimestamp: createdAt,
      labels: {
        ...config.metadata?.labels,
        buildconfig: owner,
        [CONFIG_NAME]: owner,
        "openshift.io/build.start-policy": runPolicy || "Serial",
      },
      annotations: { [CONFIG_NAME]: owner, "openshift.io/build.number": String(number) },
      ownerReferences: [
        {
          apiVersion: "build.openshift.io/v1",
          kind: "BuildConfig",
          name: owner,
          uid: config.metadata?.uid ?? "",
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
