import type { ProjectJson } from "@slipway/proto";
import type { ProjectLive } from "./state.ts";

/** The project with its phase: Active, or Terminating while what is in it is removed. */
export const projectView = ({ object, terminating }: ProjectLive): ProjectJson =>
  terminating === undefined
    ? { ...object, status: { phase: "Active" } }
    : {
        ...object,
        metadata: { ...object.metadata, ...(terminating.at === "" ? {} : { deletionTimestamp: terminating.at }) },
        status: { phase: "Terminating" },
      };
