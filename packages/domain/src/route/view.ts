import type { ConditionJson, RouteJson } from "@slipway/proto";
import type { RouteLive } from "./state.ts";

/** Whether the edge lets a route in; a refusal says why in a user's words. */
export type RouteAdmission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly reason: string; readonly message: string };

/** The one edge there is. */
const ROUTER_NAME = "default";

/** The route with what the edge made of it. */
export const routeView = ({ object }: RouteLive, admission: RouteAdmission): RouteJson => {
  const since = object.metadata?.creationTimestamp;
  const condition: ConditionJson = {
    type: "Admitted",
    status: admission.admitted ? "True" : "False",
    ...(admission.admitted ? {} : { reason: admission.reason, message: admission.message }),
    ...(since === undefined ? {} : { lastTransitionTime: since }),
  };
  return {
    ...object,
    status: {
      ingress: [
        {
          host: object.spec?.host ?? "",
          routerName: ROUTER_NAME,
          conditions: [condition],
          wildcardPolicy: object.spec?.wildcardPolicy ?? "None",
        },
      ],
    },
  };
};
