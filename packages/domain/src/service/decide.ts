import type { ServiceJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, isNew, refuseChange } from "../object-rules.ts";
import type { ServiceEvent } from "./events.ts";
import type { ServiceState } from "./state.ts";

export type ServiceCommand =
  | { readonly type: "CreateService"; readonly object: ServiceJson }
  | { readonly type: "ApplyService"; readonly object: ServiceJson }
  | { readonly type: "DeleteService"; readonly uid?: string };

export const decide = (command: ServiceCommand, state: ServiceState): readonly ServiceEvent[] => {
  switch (command.type) {
    case "CreateService":
      return isNew(state.status === "live" ? state.object : undefined, command.object) ? create(command.object) : [];
    case "ApplyService": {
      if (state.status !== "live") return create(command.object);
      const service = changedObject(state.object, command.object, keepAddress);
      return service === undefined ? [] : [{ type: "ServiceChanged", data: { service } }];
    }
    case "DeleteService":
      if (state.status !== "live") return [];
      checkUid(state.object, command.uid);
      return [{ type: "ServiceDeleted", data: { uid: state.object.metadata?.uid ?? "" } }];
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
