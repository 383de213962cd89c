import { SlipwayError } from "@slipway/kernel";
import type { ServiceAddressEvent } from "./events.ts";
import type { ServiceAddressState } from "./state.ts";

/** `holder` is the stream of the service. */
export type ServiceAddressCommand =
  | { readonly type: "ClaimServiceAddress"; readonly holder: string }
  | { readonly type: "ReleaseServiceAddress"; readonly holder: string };

export const decide = (command: ServiceAddressCommand, state: ServiceAddressState): readonly ServiceAddressEvent[] => {
  switch (command.type) {
    case "ClaimServiceAddress":
      if (state.status !== "live") return [{ type: "ServiceAddressClaimed", data: { holder: command.holder } }];
      if (state.holder === command.holder) return [];
      throw new SlipwayError(
        "FailedPrecondition",
        "spec.clusterIP: the address is taken by another service: leave the field out.",
        {
          problems: [{ path: "spec.clusterIP", message: "provided IP is already allocated" }],
          fields: { holder: state.holder },
        },
      );
    case "ReleaseServiceAddress":
      return state.status === "live" && state.holder === command.holder
        ? [{ type: "ServiceAddressReleased", data: { holder: command.holder } }]
        : [];
    default:
      return command satisfies never;
  }
};
