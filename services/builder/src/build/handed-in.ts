import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildSettings } from "./build-settings.ts";

/** Where a build container sees what it is handed: below `/dev`, a memory file system, so that no image keeps a trace. */
export const HANDED_IN_DIR = "/dev/slipway-build";
const CA_FILE = "ca-bundle.crt";
const ENVIRONMENT_FILE = "environment";

/** The variables by which programs find a CA bundle. */
export const caVariables = (path: string): Record<string, string> => ({
  SSL_CERT_FILE: path,
  NODE_EXTRA_CA_CERTS: path,
  npm_config_cafile: path,
  REQUESTS_CA_BUNDLE: path,
  PIP_CERT: path,
  CURL_CA_BUNDLE: path,
  GIT_SSL_CAINFO: path,
});

/** A folder to mount into build containers, and the shell line that takes its variables in. */
export interface HandedIn {
  readonly folder: string;
  readonly sourceLine: string;
}

/**
 * Lays out the CA bundle and the variables of the builder for one build; `undefined` when it is handed nothing. They
 * come as a file that the build's shell reads: the settings of a container would become those of its image.
 */
export const layOutHandedIn = async (workDir: string, settings: BuildSettings): Promise<HandedIn | undefined> => {
  const env = {
    ...(settings.caBundle === undefined ? {} : caVariables(`${HANDED_IN_DIR}/${CA_FILE}`)),
    ...settings.buildEnv,
  };
  if (Object.keys(env).length === 0) return undefined;
  const folder = join(workDir, "handed-in");
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (settings.caBundle !== undefined) await copyFile(settings.caBundle, join(folder, CA_FILE));
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${shellQuote(value)}\n`);
  await writeFile(join(folder, ENVIRONMENT_FILE), lines.join(""), { mode: 0o644 });
  return { folder, sourceLine: `. ${HANDED_IN_DIR}/${ENVIRONMENT_FILE}` };
};

/** One word for a shell, whatever it holds. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
