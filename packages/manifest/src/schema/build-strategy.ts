import type {
  BuildStrategyJson,
  DockerBuildStrategyJson,
  ObjectReferenceJson,
  SourceBuildStrategyJson,
} from "@slipway/proto";
import { imageStreamImage, imageStreamTag, pathInSource, pullSpec } from "../format/addresses.ts";
import { buildEnv } from "./env.ts";
import { boolean, type Field, type Format, later, laterMember, object, type Report, string } from "./field.ts";
import { reference } from "./meta.ts";

const NAME_FORMATS: Readonly<Record<string, Format<string>>> = {
  ImageStreamTag: imageStreamTag,
  ImageStreamImage: imageStreamImage,
  DockerImage: pullSpec,
};

/** The name in a reference to an image must fit its kind. */
export const checkImageReference = (value: ObjectReferenceJson, report: Report): void => {
  if (!value.name) return;
  const messages = NAME_FORMATS[value.kind ?? ""]?.(value.name) ?? [];
  for (const message of messages) report(".name", `Invalid value: ${JSON.stringify(value.name)}: ${message}`);
};

/** The kinds of reference that an image can be asked for by. */
export const IMAGE_KINDS: readonly string[] = ["ImageStreamTag", "ImageStreamImage", "DockerImage"];

const builderImage = (options: { readonly required?: boolean } = {}): Field =>
  reference(
    {
      kind: string({ default: "ImageStreamTag", values: IMAGE_KINDS }),
      name: string({ required: true }),
    },
    checkImageReference,
    options,
  );

const sourceStrategy = object<SourceBuildStrategyJson>({
  from: builderImage({ required: true }),
  env: buildEnv(),
  scripts: string(),
  incremental: boolean(),
  forcePull: boolean(),
  pullSecret: later(),
  runtimeImage: laterMember(),
  runtimeArtifacts: later(),
  volumes: later(),
});

const dockerStrategy = object<DockerBuildStrategyJson>({
  from: builderImage(),
  noCache: boolean(),
  env: buildEnv(),
  buildArgs: buildEnv(),
  forcePull: boolean(),
  dockerfilePath: string({
    format: (value) => (value.startsWith("/") ? ["must be a relative path"] : pathInSource(value)),
  }),
  pullSecret: later(),
  imageOptimizationPolicy: later("None"),
  volumes: later(),
});

const MEMBERS = {
  Source: "sourceStrategy",
  Docker: "dockerStrategy",
} as const;

const checkStrategy = (strategy: BuildStrategyJson, report: Report): void => {
  const { type } = strategy;
  if (type !== "Source" && type !== "Docker") return;
  if (!strategy[MEMBERS[type]]) report(`.${MEMBERS[type]}`, "Required value");
  const other = type === "Source" ? "dockerStrategy" : "sourceStrategy";
  if (strategy[other]) report(`.${other}`, `Invalid value: "": may not be given with the type "${type}"`);
};

/** How a build turns its source into an image. */
export const buildStrategy = (): Field =>
  object<BuildStrategyJson>(
    {
      type: string({ values: ["Source", "Docker"], later: ["Custom", "JenkinsPipeline"] }),
      sourceStrategy,
      dockerStrategy,
      customStrategy: laterMember(),
      jenkinsPipelineStrategy: laterMember(),
    },
    {
      implied: true,
      oneOf: {
        members: ["sourceStrategy", "dockerStrategy", "customStrategy", "jenkinsPipelineStrategy"],
        several: 'Invalid value: "": must specify only one of `sourceStrategy`, `dockerStrategy` or `customStrategy`',
        missing: "Required value: must specify `sourceStrategy` or `dockerStrategy`",
      },
      complete: (strategy) => {
        if (strategy.type === "Docker" && !strategy.sourceStrategy) strategy.dockerStrategy ??= {};
        if (strategy.sourceStrategy && !strategy.dockerStrategy) strategy.type ??= "Source";
        if (strategy.dockerStrategy && !strategy.sourceStrategy) strategy.type ??= "Docker";
      },
      check: checkStrategy,
    },
  );
