import { processConfig } from "@slipway/runtime";
import { z } from "zod";

/** A JSON object of texts: `{"HTTPS_PROXY":"http://proxy:3128"}`. */
const jsonVariables = z.string().transform((text, context): Record<string, string> => {
  const parsed = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/), z.string()).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: "custom", message: "must be a JSON object of variable names and texts" });
  return z.NEVER;
});

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The builder's settings; each is read from the variable `SLIPWAY_<NAME>`. */
export const builderConfig = z.object({
  ...processConfig,
  /** Of the role `slipway_service`. */
  databaseUrl: z.string().min(1),
  natsUrl: z.string().min(1),
  natsUser: z.string().optional(),
  natsPassword: z.string().optional(),
  healthHost: z.string().default("127.0.0.1"),
  healthPort: z.number().int().min(0).max(65_535).default(7485),
  /** Which platform on this machine. */
  instance: z.string().min(1).default("slipway"),
  /** This builder's name, the same after a restart; no two builders share one. */
  builderId: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/)
    .default("builder-1"),
  /** A folder of this builder alone; work folders of builds live in it. */
  stateDir: z.string().startsWith("/"),
  /** Builds that run at the same time. */
  concurrency: z.number().int().min(1).max(64).default(2),
  /** Path of the engine's socket; its usual place when absent. */
  dockerSocket: z.string().optional(),
  /** Host and port of the platform's registry, as image references name it. */
  registryHost: z.string().min(1),
  registryUser: z.string().default(""),
  registryPassword: z.string().default(""),
  /** PEM file of authorities that git and builds trust. */
  buildCaBundle: z.string().startsWith("/").optional(),
  /** Private key file by which git logs in over ssh; no key of this host is tried without it. */
  buildSshKey: z.string().startsWith("/").optional(),
  /** What builds are handed, as proxies and package registries: a JSON object of variables. */
  buildEnv: jsonVariables.default({}),
  /** The engine's network of build containers; its default when absent. */
  buildNetwork: z.string().optional(),
  /** Whether repositories of this host (`file://`) may be built. */
  allowFileSources: z.boolean().default(true),
  fetchTimeoutMs: z.number().int().min(1_000).default(600_000),
  maxSourceBytes: z.number().int().min(1).default(4_294_967_296),
  maxArtifactsBytes: z.number().int().min(1).default(2_147_483_648),
});

export type BuilderConfig = z.output<typeof builderConfig>;
