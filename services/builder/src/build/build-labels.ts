import type { BuildJson, GitSourceRevisionJson } from "@slipway/proto";
import { maskUrls } from "./mask.ts";

const present = (labels: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => entry[0] !== "" && (entry[1] ?? "") !== ""),
  );

/** The labels that every image of a build carries: which build, and which source. */
export const buildLabels = (build: BuildJson, revision: GitSourceRevisionJson | undefined): Record<string, string> =>
  present({
    "io.openshift.build.name": build.metadata?.name,
    "io.openshift.build.namespace": build.metadata?.namespace,
    ...sourceLabels("io.openshift.build.", build, revision),
  });

/** The labels that source-to-image adds; the same facts under its own names, and how the image shall be called. */
export const s2iLabels = (
  build: BuildJson,
  revision: GitSourceRevisionJson | undefined,
  builderImage: string,
  displayName: string,
): Record<string, string> =>
  present({
    "io.k8s.display-name": displayName,
    "io.openshift.s2i.build.image": builderImage,
    ...sourceLabels("io.openshift.s2i.build.", build, revision),
  });

/** The labels that the build config itself asks for. */
export const outputLabels = (build: BuildJson): Record<string, string> =>
  present(
    Object.fromEntries((build.spec?.output?.imageLabels ?? []).map(({ name = "", value = "" }) => [name, value])),
  );

const sourceLabels = (
  prefix: string,
  build: BuildJson,
  revision: GitSourceRevisionJson | undefined,
): Record<string, string | undefined> => {
  const source = build.spec?.source;
  return {
    [`${prefix}commit.id`]: revision?.commit,
    [`${prefix}commit.author`]: revision?.author,
    [`${prefix}commit.date`]: revision?.date,
    [`${prefix}commit.message`]: revision?.message?.split("\n")[0],
    [`${prefix}commit.ref`]: revision && source?.git?.ref,
    [`${prefix}source-location`]: source?.git?.uri && maskUrls(source.git.uri),
    [`${prefix}source-context-dir`]: source?.contextDir,
  };
};
