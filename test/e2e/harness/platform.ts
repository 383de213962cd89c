import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ContainerEngine, dockerEngine } from "@slipway/containers";
import { type Api, openApi } from "./api.ts";
import { type Answer, ask } from "./ask.ts";
import { findFreePlaces } from "./free-places.ts";
import { type CliOptions, type CliResult, runSlipway } from "./run-slipway.ts";

/** What `up` wrote about itself into its home. */
export interface InstallationFile {
  readonly home: string;
  readonly instance: string;
  readonly node: string;
  readonly ports: Readonly<Record<"grpc" | "http" | "nats" | "registry" | "edge", number>>;
  readonly dockerSocket: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
}

/** One whole platform of its own on this machine, beside any other. */
export interface TestPlatform {
  readonly home: string;
  readonly installation: InstallationFile;
  readonly engine: ContainerEngine;
  readonly api: Api;
  readonly token: string;
  /** How long the first `up --detach` took, and what it said. */
  readonly firstUp: CliResult;
  /** Runs the command line as the owner. */
  slipway(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** `up --detach` again, in the same home. */
  up(): Promise<CliResult>;
  /** One GET through the edge. */
  edge(hostName: string, path?: string): Promise<Answer>;
  /** Stops it and removes everything of it. */
  purge(): Promise<CliResult>;
}

const UP_MS = 300_000;
const DOWN_MS = 120_000;

/** The engine may be one that others use too: the platform's own images stay. */
const PURGE = ["down", "--purge", "--keep-images"];

/**
 * Starts a platform with the sample application: the command line's own `up --detach`. The home is short because of the
 * sockets in it. With `E2E_HOME` set, the platform in that home is used (or made) and left running: for writing tests.
 */
export const startTestPlatform = async (): Promise<TestPlatform> => {
  const kept = process.env.E2E_HOME;
  const home = kept ?? mkdtempSync("/tmp/slip-");
  const places = await findFreePlaces();
  const slipway: TestPlatform["slipway"] = (args, options = {}) =>
    runSlipway(args, { ...options, env: { SLIPWAY_HOME: home, ...options.env } });
  const up = () => slipway(["up", "--detach"], { timeoutMs: UP_MS });
  const firstUp =
    kept !== undefined && existsSync(join(home, "installation.json"))
      ? await up()
      : await slipway(
          [
            ...["up", "--detach", "--instance", home.replace(/^\/tmp\//, "").toLowerCase()],
            ...["--port-base", String(places.portBase), "--edge-port", String(places.edgePort)],
            ...["--pod-cidr", places.podCidr, "--service-cidr", places.serviceCidr],
          ],
          { timeoutMs: UP_MS },
        );
  if (firstUp.code !== 0) {
    if (kept === undefined) await slipway(PURGE, { timeoutMs: DOWN_MS });
    throw new Error(`up failed with ${firstUp.code}:\n${firstUp.stderr}`);
  }
  const read = <T>(file: string): T => JSON.parse(readFileSync(join(home, file), "utf8")) as T;
  const installation = read<InstallationFile>("installation.json");
  const { server, token } = read<{ server: string; token: string }>("client.json");
  const engine = dockerEngine({ socketPath: installation.dockerSocket });
  const api = openApi(server, token);
  return {
    home,
    installation,
    engine,
    api,
    token,
    firstUp,
    slipway,
    up,
    edge: (hostName, path = "/") => ask({ host: "127.0.0.1", port: installation.ports.edge }, path, hostName),
    purge: async () => {
      api.close();
      return slipway(kept === undefined ? PURGE : ["version"], { timeoutMs: DOWN_MS });
    },
  };
};
