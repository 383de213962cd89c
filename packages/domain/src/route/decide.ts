import type { RouteJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, isNew } from "../object-rules.ts";
import type { RouteEvent } from "./events.ts";
import type { RouteState } from "./state.ts";

export type RouteCommand =
  | { readonly type: "CreateRoute"; readonly object: RouteJson }
  | { readonly type: "ApplyRoute"; readonly object: RouteJson }
  | { readonly type: "DeleteRoute"; readonly uid?: string };

export const decide = (command: RouteCommand, state: RouteState): readonly RouteEvent[] => {
  switch (command.type) {
    case "CreateRoute":
      return isNew(state.status === "live" ? state.object : undefined, command.object) ? create(command.object) : [];
    case "ApplyRoute": {
      if (state.status !== "live") return create(command.object);
      const route = changedObject(state.object, command.object, keepHost);
      return route === undefined ? [] : [{ type: "RouteChanged", data: { route } }];
    }
    case "DeleteRoute":
      if (state.status !== "live") return [];
      checkUid(state.object, command.uid);
      return [{ type: "RouteDeleted", data: { uid: state.object.metadata?.uid ?? "" } }];
    default:
      return command satisfies never;
  }
};

const create = (object: RouteJson): RouteEvent[] => [{ type: "RouteCreated", data: { route: asCreated(object) } }];

/** A manifest that names no host keeps the one that was generated. */
const keepHost = (live: RouteJson, wished: RouteJson): RouteJson => {
  if (wished.spec?.host || !live.spec?.host || !isGenerated(live)) return wished;
  return {
    ...wished,
    metadata: {
      ...wished.metadata,
      annotations: { ...wished.metadata?.annotations, [HOST_GENERATED]: "true" },
    },
    spec: { ...wished.spec, host: live.spec.host },
  };
};

/** The annotation of a host that the server chose. */
export const HOST_GENERATED = "openshift.io/host.generated";

const isGenerated = (route: RouteJson): boolean => route.metadata?.annotations?.[HOST_GENERATED] === "true";
