import { isIPv4 } from "node:net";
import { processConfig } from "@slipway/runtime";
import { z } from "zod";

const port = z.number().int().min(0).max(65_535);

const isRange = (text: string): boolean => {
  const [, address = "", bits = ""] = /^([0-9.]+)\/(\d{1,2})$/.exec(text) ?? [];
  return isIPv4(address) && Number(bits) >= 8 && Number(bits) <= 30;
};

/** The gateway's settings; each is read from the variable `SLIPWAY_<NAME>`. */
export const gatewayConfig = z.object({
  ...processConfig,
  /** Of the role `slipway_service`. */
  databaseUrl: z.string().min(1),
  natsUrl: z.string().min(1),
  natsUser: z.string().optional(),
  natsPassword: z.string().optional(),
  grpcHost: z.string().default("127.0.0.1"),
  grpcPort: port.default(7480),
  /** Health and metrics. */
  httpHost: z.string().default("127.0.0.1"),
  httpPort: port.default(7481),
  /** Required on every call. */
  ownerToken: z.string().min(16),
  /** Where the addresses of services come from. */
  serviceCidr: z
    .string()
    .refine(isRange, "must be a range of IPv4 addresses, as 10.96.0.0/16, of at least 4 and at most 2^24")
    .default("10.96.0.0/16"),
  /** What generated hosts of routes end with. */
  routeSuffix: z.string().default("apps.localhost"),
  /** `host:port` of the platform's registry, as image names begin. */
  registryHost: z.string().default(""),
  /** Events between two snapshots of the read model. */
  snapshotEvery: z.number().int().min(1).optional(),
  /** The largest request. */
  maxMessageBytes: z
    .number()
    .int()
    .min(65_536)
    .default(4 * 1_048_576),
});

export type GatewayConfig = Readonly<z.output<typeof gatewayConfig>>;
