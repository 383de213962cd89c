import type { EventOf } from "../event.ts";

/** The events of `service-ip/_/<address>`. */
export type ServiceAddressEvent = EventOf<"ServiceAddressClaimed" | "ServiceAddressReleased">;
