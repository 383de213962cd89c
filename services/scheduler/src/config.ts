import { processConfig } from "@slipway/runtime";
import { z } from "zod";

/** The scheduler's settings; each is read from the variable `SLIPWAY_<NAME>`. */
export const schedulerConfig = z.object({
  ...processConfig,
  /** Of the role `slipway_service`. */
  databaseUrl: z.string().min(1),
  natsUrl: z.string().min(1),
  natsUser: z.string().optional(),
  natsPassword: z.string().optional(),
  healthHost: z.string().default("127.0.0.1"),
  healthPort: z.number().int().min(0).max(65_535).default(7483),
  /** Without a heartbeat for this long a node is unreachable. */
  nodeLeaseMs: z.number().int().min(100).default(40_000),
  /** How long pods stay bound to an unreachable node before others are made elsewhere. */
  nodeTolerationMs: z.number().int().min(0).default(300_000),
});

export type SchedulerConfig = z.output<typeof schedulerConfig>;
