import type { Bind, ContainerSpec } from "@slipway/containers";
import type { BuildRun } from "./build-run.ts";
import { containerLimits } from "./container-limits.ts";
import { HANDED_IN_DIR, type HandedIn } from "./handed-in.ts";

const INSTANCE = "slipway.instance";
const BUILD = "slipway.build";
const ROLE = "slipway.role";
const ROLE_BUILD = "build";

/** The labels by which a builder finds its containers again. */
export const buildContainerLabels = (instance: string): Record<string, string> => ({
  [INSTANCE]: instance,
  [ROLE]: ROLE_BUILD,
});

/** Which build a container belongs to: `<project>/<name>`. */
export const buildOfContainer = (labels: Readonly<Record<string, string>>): string => labels[BUILD] ?? "";

/** An image made of a build container inherits its labels and can only overwrite them: nothing may take it for one. */
export const CLEARED_LABELS: Readonly<Record<string, string>> = { [INSTANCE]: "", [BUILD]: "", [ROLE]: "" };

/** What non-root builds have no use for; OpenShift takes the same from them. */
const DROPPED_FOR_USERS = ["KILL", "MKNOD", "SETGID", "SETUID"];

/** A container of a build: labelled, limited, with what the build is handed. */
export const buildContainerSpec = (
  run: BuildRun,
  image: string,
  user: string,
  rest: Pick<ContainerSpec, "command" | "args" | "env">,
  handedIn?: HandedIn,
): ContainerSpec => {
  const { settings } = run;
  const binds: Bind[] =
    handedIn === undefined ? [] : [{ source: handedIn.folder, target: HANDED_IN_DIR, readOnly: true }];
  const isRoot = user === "" || user === "0" || user === "root" || user.startsWith("0:") || user.startsWith("root:");
  return {
    image,
    ...rest,
    labels: { ...buildContainerLabels(settings.instance), [BUILD]: `${run.project}/${run.name}` },
    resources: containerLimits(run.build.spec?.resources),
    binds,
    ...(user !== "" && { user }),
    ...(isRoot ? {} : { capDrop: DROPPED_FOR_USERS }),
    ...networkOf(settings.buildNetwork),
  };
};

const networkOf = (name: string | undefined): Pick<ContainerSpec, "network"> => {
  if (name === undefined) return {};
  if (name === "host" || name === "none") return { network: { type: name } };
  return { network: { type: "network", name } };
};
