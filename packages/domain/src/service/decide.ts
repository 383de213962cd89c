import type { ServiceJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, refuseChange, refuseExisting } from "../object-rules.ts";
import type { ServiceEvent } from "./events.ts";
import type { ServiceState } from "./state.ts";

export type ServiceCommand =
  | { readonly type: "CreateService"; readonly object: ServiceJson }
  | { readonly type: "ApplyService"; readonly object: ServiceJson }
  | { readonly type: "DeleteService"; readonly uid?: string };

export const decide = (command: ServiceCommand, state: ServiceState): readonly ServiceEvent[] => {
  switch (command.type) {
    case "CreateService":
      return state.status === "live" ? refuseExisting(state.object) : create(command.object);
    case "ApplyService": {
      if (state.status !== "live") return create(command.object);
      const service = changedObject(state.object, command.object, keepAddress);
      return service === undefined ? [] : [{ type: "ServiceChanged", data: { service } }];
    }
    case "DeleteService":
      checkUid(state, command.uid);
      return state.status === "live"
        ? [{ type: "ServiceDeleted", data: { uid: state.object.metadata?.uid ?? "" } }]
        : [];
    default:
      return command satisfies never;
  }
};

const create = (object: ServiceJson): ServiceEvent[] => [
  { type: "ServiceCreated", data: { service: asCreated(object) } },
];

/** A manifest that names no address keeps the one that the service has; another one cannot be had. */
const keepAddress = (live: ServiceJson, wished: ServiceJson): ServiceJson => {
  const address = live.spec?.clusterIP;
  const asked = wished.spec?.clusterIP;
  if (address && asked && asked !== address) return refuseChange("spec.clusterIP", asked);
  return address ? { ...wished, spec: { ...wished.spec, clusterIP: address } } : wished;
};
