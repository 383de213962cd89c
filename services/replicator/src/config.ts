import { processConfig } from "@slipway/runtime";
import { z } from "zod";

/** The replicator's settings; each is read from the variable `SLIPWAY_<NAME>`. */
export const replicatorConfig = z.object({
  ...processConfig,
  /** Of the role `slipway_service`. */
  databaseUrl: z.string().min(1),
  natsUrl: z.string().min(1),
  natsUser: z.string().optional(),
  natsPassword: z.string().optional(),
  healthHost: z.string().default("127.0.0.1"),
  healthPort: z.number().int().min(0).max(65_535).default(7484),
});

export type ReplicatorConfig = z.output<typeof replicatorConfig>;
