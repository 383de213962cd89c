import type { ClusterState, Entry } from "@slipway/cluster";
import { type BuildLive, isFinishedBuild } from "@slipway/domain";
import type { ImageStreamLookup } from "./image/resolve-image.ts";
import type { BuildFacts } from "./plan/plan-builds.ts";

const CONFIG = "openshift.io/build-config.name";
const NUMBER = "openshift.io/build.number";
const POLICY = "openshift.io/build.start-policy";

/** What the plan must know of every build. */
export const buildFacts = (state: ClusterState): BuildFacts[] =>
  [...state.builds.list()].map((entry) => factsOf(entry, state));

/** Reads one build; labels and annotations say which config it belongs to, else its name `<config>-<number>`. */
const factsOf = ({ project, name, state, createdAt }: Entry<BuildLive>, cluster: ClusterState): BuildFacts => {
  const { metadata, spec } = state.object;
  const said = { ...metadata?.annotations, ...metadata?.labels };
  const parts = /^(.+)-(\d+)$/.exec(name);
  const config = said[CONFIG] ?? parts?.[1] ?? name;
  const policy = said[POLICY] ?? cluster.buildConfigs.get(project, config)?.state.object.spec?.runPolicy ?? "Serial";
  const limitSeconds = spec?.completionDeadlineSeconds;
  const startedMs = Date.parse(state.startedAt ?? "");
  return {
    project,
    name,
    uid: metadata?.uid ?? "",
    config,
    number: Number(said[NUMBER] ?? parts?.[2] ?? 0) || 0,
    serial: policy !== "Parallel",
    phase: isFinishedBuild(state) ? "finished" : state.phase === "new" ? "new" : "running",
    cancelRequested: state.cancelRequested,
    order: createdAt,
    ...(state.builder !== undefined && { builder: state.builder }),
    ...(limitSeconds !== undefined && !Number.isNaN(startedMs) && { deadlineMs: startedMs + limitSeconds * 1_000 }),
  };
};

/** Image streams as builds see them. */
export const imageStreamLookup = (cluster: () => ClusterState): ImageStreamLookup => ({
  exists: (project, stream) => cluster().imageStreams.get(project, stream) !== undefined,
  latest: (project, stream, tag) =>
    cluster().imageStreams.get(project, stream)?.state.tags[tag]?.[0]?.dockerImageReference || undefined,
  declared: (project, stream, tag) =>
    cluster()
      .imageStreams.get(project, stream)
      ?.state.object.spec?.tags?.find(({ name }) => name === tag)?.from,
});
