import { SlipwayError } from "@slipway/kernel";
import type { BuildConfigJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, isNew, refuseMissing } from "../object-rules.ts";
import type { BuildConfigEvent } from "./events.ts";
import type { BuildConfigState } from "./state.ts";

export type BuildConfigCommand =
  | { readonly type: "CreateBuildConfig"; readonly object: BuildConfigJson }
  | { readonly type: "ApplyBuildConfig"; readonly object: BuildConfigJson }
  | { readonly type: "DeleteBuildConfig"; readonly uid?: string }
  | { readonly type: "InstantiateBuildConfig"; readonly number: number; readonly build: string };

export const decide = (command: BuildConfigCommand, state: BuildConfigState): readonly BuildConfigEvent[] => {
  switch (command.type) {
    case "CreateBuildConfig":
      return isNew(state.status === "live" ? state.object : undefined, command.object) ? create(command.object) : [];
    case "ApplyBuildConfig": {
      if (state.status !== "live") return create(command.object);
      const buildConfig = changedObject(state.object, command.object, (_live, wished) => wished);
      return buildConfig === undefined ? [] : [{ type: "BuildConfigChanged", data: { buildConfig } }];
    }
    case "DeleteBuildConfig":
      if (state.status !== "live") return [];
      checkUid(state.object, command.uid);
      return [{ type: "BuildConfigDeleted", data: { uid: state.object.metadata?.uid ?? "" } }];
    case "InstantiateBuildConfig":
      if (state.status !== "live") {
        return refuseMissing("build config", "create it before a build is started");
      }
      if (command.number === state.lastVersion && command.build === state.lastBuild) return [];
      if (command.number <= state.lastVersion) {
        throw new SlipwayError(
          "FailedPrecondition",
          `Build number ${command.number} of build config "${state.object.metadata?.name}" was used before: take ${state.lastVersion + 1}.`,
          { fields: { number: command.number, lastVersion: state.lastVersion } },
        );
      }
      return [{ type: "BuildConfigInstantiated", data: { number: command.number, build: command.build } }];
    default:
      return command satisfies never;
  }
};

const create = (object: BuildConfigJson): BuildConfigEvent[] => [
  { type: "BuildConfigCreated", data: { buildConfig: asCreated(object) } },
];
