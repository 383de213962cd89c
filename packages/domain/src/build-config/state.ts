import type { BuildConfigJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import type { ObjectAbsent, ObjectLive } from "../object-state.ts";

/** The number of the last build; it outlives the object, because a build's name is never used twice. */
interface Numbered {
  readonly lastVersion: number;
}

export type BuildConfigLive = ObjectLive<BuildConfigJson> & Numbered;
export type BuildConfigState = BuildConfigLive | (ObjectAbsent & Numbered);

export const initial: BuildConfigState = { status: "absent", lastVersion: 0 };

export const evolve = (state: BuildConfigState, event: DomainEvent): BuildConfigState => {
  const { lastVersion } = state;
  switch (event.type) {
    case "BuildConfigCreated":
    case "BuildConfigChanged":
      return event.data?.buildConfig === undefined
        ? state
        : { status: "live", object: event.data.buildConfig, lastVersion };
    case "BuildConfigInstantiated":
      return { ...state, lastVersion: Math.max(lastVersion, event.data?.number ?? 0) };
    case "BuildConfigDeleted":
      return { status: "absent", lastVersion };
    default:
      return state;
  }
};
