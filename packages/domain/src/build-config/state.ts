import type { BuildConfigJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import type { ObjectAbsent, ObjectLive } from "../object-state.ts";
import { isUidOf, storedChange, storedNumber, storedObject, storedText } from "../stored-object.ts";

/** Which build was the last; it outlives the object, because a build's name is never used twice. */
interface Numbered {
  readonly lastVersion: number;
  readonly lastBuild?: string;
}

export type BuildConfigLive = ObjectLive<BuildConfigJson> & Numbered;
export type BuildConfigState = BuildConfigLive | (ObjectAbsent & Numbered);

export const initial: BuildConfigState = { status: "absent", lastVersion: 0 };

const numberedOf = ({ lastVersion, lastBuild }: BuildConfigState): Numbered => ({
  lastVersion,
  ...(lastBuild === undefined ? {} : { lastBuild }),
});

export const evolve = (state: BuildConfigState, event: DomainEvent): BuildConfigState => {
  switch (event.type) {
    case "BuildConfigCreated": {
      const object = storedObject(event.data?.buildConfig);
      return object === undefined ? state : { status: "live", object, ...numberedOf(state) };
    }
    case "BuildConfigChanged": {
      if (state.status !== "live") return state;
      const object = storedChange(state.object, event.data?.buildConfig);
      return object === undefined ? state : { ...state, object };
    }
    case "BuildConfigInstantiated": {
      const number = storedNumber(event.data?.number);
      return number <= state.lastVersion
        ? state
        : { ...state, lastVersion: number, lastBuild: storedText(event.data.build) };
    }
    case "BuildConfigDeleted":
      return state.status === "live" && isUidOf(state.object, event.data?.uid)
        ? { status: "absent", ...numberedOf(state) }
        : state;
    default:
      return state;
  }
};
