import type {
  BuildConfigJson,
  BuildConfigSpecJson,
  BuildJson,
  BuildOutputJson,
  BuildSpecJson,
  BuildTriggerCauseJson,
  GitSourceRevisionJson,
  ImageLabelJson,
  SourceRevisionJson,
} from "@slipway/proto";
import { positive } from "../format/numbers.ts";
import { buildSource } from "./build-source.ts";
import { buildStrategy, checkImageReference } from "./build-strategy.ts";
import { integer, later, list, object, type Report, serverOwned, string } from "./field.ts";
import { metadata, reference } from "./meta.ts";
import { resources } from "./resources.ts";

const output = object<BuildOutputJson>({
  to: reference(
    {
      kind: string({ required: true, values: ["ImageStreamTag", "DockerImage"] }),
      name: string({ required: true }),
    },
    checkImageReference,
  ),
  imageLabels: list(object<ImageLabelJson>({ name: string({ required: true }), value: string({ keepEmpty: true }) }), {
    uniqueBy: "name",
  }),
  pushSecret: later(),
});

/** The strategies that we build need something to build. */
const checkSource = ({ source, strategy }: BuildSpecJson | BuildConfigSpecJson, report: Report): void => {
  if (!strategy?.sourceStrategy && !strategy?.dockerStrategy) return;
  if (source?.git || source?.dockerfile !== undefined) return;
  report(".source", 'Invalid value: "": must provide a value for at least one source input (git or dockerfile)');
};

/** What a build config and each of its builds have in common. */
const commonSpec = () => ({
  source: buildSource(),
  strategy: buildStrategy(),
  output,
  completionDeadlineSeconds: integer({ format: positive }),
  resources: resources(),
  serviceAccount: later("builder"),
  postCommit: later(),
  nodeSelector: later(),
  mountTrustedCA: later(false),
});

/** BuildConfig. */
export const buildConfig = object<BuildConfigJson>({
  apiVersion: string(),
  kind: string(),
  metadata: metadata(),
  spec: object<BuildConfigSpecJson>(
    {
      ...commonSpec(),
      runPolicy: string({ default: "Serial", values: ["Serial", "Parallel"], later: ["SerialLatestOnly"] }),
      triggers: later(),
      revision: later(),
      successfulBuildsHistoryLimit: later(),
      failedBuildsHistoryLimit: later(),
    },
    { implied: true, check: checkSource },
  ),
  status: serverOwned(),
});

const gitRevision = object<GitSourceRevisionJson>({
  commit: string(),
  author: string(),
  message: string(),
  date: serverOwned(),
  committer: later(),
});

/** Build. */
export const build = object<BuildJson>({
  apiVersion: string(),
  kind: string(),
  metadata: metadata(),
  spec: object<BuildSpecJson>(
    {
      ...commonSpec(),
      triggeredBy: list(
        object<BuildTriggerCauseJson>({
          message: string(),
          genericWebHook: later(),
          githubWebHook: later(),
          gitlabWebHook: later(),
          bitbucketWebHook: later(),
          imageChangeBuild: later(),
        }),
      ),
      revision: object<SourceRevisionJson>({ git: gitRevision, type: later("Git") }),
    },
    { implied: true, check: checkSource },
  ),
  status: serverOwned(),
});
