import type { BuildConfigJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import type { ObjectAbsent, ObjectLive } from "../object-state.ts";
import { isUidOf, storedChange, storedNumber, storedObject, storedText } from "../stored-object.ts";

/** The number of the last build outlives the object, because a build's name is never used twice. */
interface Numbered {
  readonly lastVersion: number;
}

export type BuildConfigLive = ObjectLive<BuildConfigJson> &
  Numbered & {
    /** The name of the last build; unknown to a config that was made anew and has built nothing. */
    readonly lastBuild?: string;
  };
export type BuildConfigState = BuildConfigLive | (ObjectAbsent & Numbered);

export const initial: BuildConfigState = { status: "absent", lastVersion: 0 };

export const evolve = (state: BuildConfigState, event: DomainEvent): BuildConfigState => {
  switch (event.type) {
    case "BuildConfigCreated": {
      const object = storedObject(event.data?.buildConfig);
      return object === undefined ? state : { status: "live", object, lastVersion: state.lastVersion };
    }
    case "BuildConfigChanged": {
      if (state.status !== "live") return state;
      const object = storedChange(state.object, event.data?.buildConfig);
      return object === undefined ? state : { ...state, object };
    }
    case "BuildConfigInstantiated": {
      const number = storedNumber(event.data?.number);
      if (number <= state.lastVersion) return state;
      return state.status === "live"
        ? { ...state, lastVersion: number, lastBuild: storedText(event.data.build) }
        : { ...state, lastVersion: number };
    }
    case "BuildConfigDeleted":
      return state.status === "live" && isUidOf(state.object, event.data?.uid)
        ? { status: "absent", lastVersion: state.lastVersion }
        : state;
    default:
      return state;
  }
};
