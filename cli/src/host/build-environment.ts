import { existsSync } from "node:fs";
import type { Bind } from "@slipway/containers";
import { runCommand } from "./run-command.ts";

/** How this host reaches the world outside, for builds that run in containers here. */
export interface BuildEnvironment {
  /** The host's bundle of trusted authorities, when it has one. */
  readonly caBundle?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly binds: readonly Bind[];
}

/** Where Debian and most others keep the bundle; the first that exists counts. */
const CA_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** Where it stands in a container: Debian's own place, so that most programs find it by themselves. */
export const CONTAINER_CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** Programs with their own idea of whom to trust, and the variable by which each is told otherwise. */
const CA_VARIABLES = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "PIP_CERT",
  "CURL_CA_BUNDLE",
  "GIT_SSL_CAINFO",
  "npm_config_cafile",
];

const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/** Reads it from the host's environment and npm's settings. `caBundle` overrides the host's own. */
export const readBuildEnvironment = async (
  options: { readonly caBundle?: string; readonly env?: NodeJS.ProcessEnv; readonly npmRegistry?: string } = {},
): Promise<BuildEnvironment> => {
  const { env = process.env } = options;
  const caBundle = options.caBundle ?? CA_BUNDLES.find((path) => existsSync(path));
  const registry = options.npmRegistry ?? env.npm_config_registry ?? (await npmRegistry());
  return {
    ...(caBundle === undefined ? {} : { caBundle }),
    env: { ...proxyEnv(env), ...registryEnv(registry), ...(caBundle === undefined ? {} : caEnv()) },
    binds: caBundle === undefined ? [] : [{ source: caBundle, target: CONTAINER_CA_BUNDLE, readOnly: true }],
  };
};

/** Both spellings, because programs disagree; which one the host has set does not matter. */
export const proxyEnv = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    PROXY_VARIABLES.flatMap((name) => {
      const value = env[name] ?? env[name.toLowerCase()];
      return value
        ? ([
            [name, value],
            [name.toLowerCase(), value],
          ] as const)
        : [];
    }),
  );

/** As lines for a shell to read, for a container whose own environment must stay clean. */
export const shellExports = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join("");

const caEnv = (): Record<string, string> => Object.fromEntries(CA_VARIABLES.map((name) => [name, CONTAINER_CA_BUNDLE]));

const registryEnv = (registry: string | undefined): Record<string, string> =>
  registry === undefined || registry === "" ? {} : { npm_config_registry: registry };

/** The host's npm knows its own files; without one there is nothing to hand on. */
const npmRegistry = async (): Promise<string | undefined> => {
  try {
    return (await runCommand("npm", ["config", "get", "registry"], { timeoutMs: 10_000 })).trim();
  } catch {
    return undefined;
  }
};
