import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { SlipwayError } from "@slipway/kernel";

/** Which server, as whom, and in which project the command line works. */
export interface ClientConfig {
  /** `host:port` of the API. */
  readonly server: string;
  readonly token: string;
  readonly project: string;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** The folder of everything that Slipway keeps for this user: `--home`, else `SLIPWAY_HOME`, else `~/.slipway`. */
export const homeFolder = (given: string | undefined, env: Env): string =>
  resolve(given ?? (env.SLIPWAY_HOME || join(homedir(), ".slipway")));

const fileOf = (home: string): string => join(home, "client.json");

/** What `login` or `up` left, with `SLIPWAY_SERVER`, `SLIPWAY_TOKEN` and `SLIPWAY_PROJECT` above it. */
export const readClientConfig = (home: string, env: Env): ClientConfig => {
  const stored = readStored(home);
  const server = env.SLIPWAY_SERVER || stored.server;
  const token = env.SLIPWAY_TOKEN || stored.token;
  if (!server || !token) {
    throw new SlipwayError(
      "Unauthenticated",
      "Not logged in: run `slipway login <server>`, or `slipway up` for a platform on this machine.",
    );
  }
  return { server, token, project: env.SLIPWAY_PROJECT || stored.project || "default" };
};

/** Changes what is kept; the file is only its owner's to read. */
export const changeClientConfig = (home: string, change: Partial<ClientConfig>): void => {
  mkdirSync(home, { recursive: true, mode: 0o711 });
  writeFileSync(fileOf(home), `${JSON.stringify({ ...readStored(home), ...change }, undefined, 2)}\n`, { mode: 0o600 });
};

const readStored = (home: string): Partial<ClientConfig> => {
  let text: string;
  try {
    text = readFileSync(fileOf(home), "utf8");
  } catch {
    return {};
  }
  try {
    return JSON.parse(text) as Partial<ClientConfig>;
  } catch {
    throw new SlipwayError("InvalidConfig", `${fileOf(home)} is not JSON: delete it and run \`slipway login\` again.`);
  }
};
