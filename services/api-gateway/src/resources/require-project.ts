import type { ClusterState } from "@slipway/cluster";
import { SlipwayError } from "@slipway/kernel";

/** Refuses what would live in a project that is not there or is about to go. `created`: projects that the call makes. */
export const requireProject = (
  state: ClusterState,
  project: string,
  created: ReadonlySet<string> = new Set(),
): void => {
  if (project === "") {
    throw new SlipwayError(
      "Invalid",
      "metadata.namespace: Required value: name the project in the manifest or in the call.",
      { problems: [{ path: "metadata.namespace", message: "Required value" }] },
    );
  }
  const entry = state.projects.get("", project);
  if (entry === undefined && !created.has(project)) {
    throw new SlipwayError(
      "NotFound",
      `project "${project}" not found: create it with \`slipway project create ${project}\`.`,
      { fields: { kind: "Project", project } },
    );
  }
  if (entry?.state.terminating !== undefined) {
    throw new SlipwayError(
      "ProjectTerminating",
      `project "${project}" is being deleted and takes nothing new: wait until it is gone.`,
      { fields: { project } },
    );
  }
};
