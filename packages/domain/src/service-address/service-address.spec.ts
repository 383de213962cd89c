import { DeciderSpecification } from "@slipway/testkit";
import { serviceAddressDecider } from "./decider.ts";
import type { ServiceAddressEvent } from "./events.ts";

const addresses = DeciderSpecification.for(serviceAddressDecider);
const claimed: ServiceAddressEvent = { type: "ServiceAddressClaimed", data: { holder: "service/demo/web" } };
const released: ServiceAddressEvent = { type: "ServiceAddressReleased", data: { holder: "service/demo/web" } };

describe("an address of the service range", () => {
  it("has one holder at a time", () => {
    addresses.when({ type: "ClaimServiceAddress", holder: "service/demo/web" }).then([claimed]);
    addresses
      .given([claimed])
      .when({ type: "ClaimServiceAddress", holder: "service/demo/db" })
      .thenRefused("FailedPrecondition", /taken/);
    addresses
      .given([claimed, released])
      .when({ type: "ClaimServiceAddress", holder: "service/demo/web" })
      .then([claimed]);
  });

  it("is given back by its holder only", () => {
    addresses.given([claimed]).when({ type: "ReleaseServiceAddress", holder: "service/demo/web" }).then([released]);
    addresses.given([claimed]).when({ type: "ReleaseServiceAddress", holder: "service/demo/db" }).thenNothingHappened();
  });
});
