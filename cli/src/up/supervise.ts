/**
 * The process that keeps the platform running: Postgres, NATS, the registry and the five services. Started by `up`
 * under a guard, with the home and the guard's process id as arguments, in a session of its own, so that it outlives the
 * terminal. SIGTERM and the control socket stop it: everything in reverse order, containers of applications left alone.
 * When it was killed, the next one ends the parts that it left and starts its own.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { asSlipwayError } from "@slipway/kernel";
import { readBuildEnvironment } from "../host/build-environment.ts";
import { type SupervisorStatus, serveControl } from "./control.ts";
import { ensureCredentials } from "./credentials.ts";
import { endLeftoverParts } from "./end-leftovers.ts";
import { pathsOf, readInstallation } from "./installation.ts";
import { KeptPostgres } from "./kept-postgres.ts";
import { KeptProcess } from "./kept-process.ts";
import { type Part, serverParts, serviceParts } from "./parts.ts";
import { recordProcess } from "./process-record.ts";

const home = process.argv[2] ?? "";
const guardPid = Number(process.argv[3]);
const installation = readInstallation(home);
if (installation === undefined) {
  process.stderr.write(`There is no installation in ${home}: run \`slipway up\`.\n`);
  process.exit(1);
}

/** The guard takes codes of this size for a violent end, and starts another supervisor. */
const CRASHED = 134;

/** A part may fold a long log before it is ready. */
const START_MS = 120_000;

const paths = pathsOf(installation);
for (const folder of [
  paths.logs,
  paths.run,
  paths.natsStore,
  paths.registryData,
  paths.builderState,
  paths.nodeState,
]) {
  mkdirSync(folder, { recursive: true });
}
let phase: SupervisorStatus["phase"] = "starting";
let message = "starting";
const say = (text: string, fields: Record<string, unknown> = {}): void => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), msg: text, ...fields })}\n`);
};

const credentials = ensureCredentials(installation);
const postgres = new KeptPostgres(installation, credentials, say);
const kept: KeptProcess[] = [];

const begin = async (part: Part): Promise<void> => {
  message = `starting ${part.name}`;
  const process_ = new KeptProcess({
    part,
    logFile: join(paths.logs, `${part.name}.log`),
    recordFile: join(paths.run, `${part.name}.json`),
    onEvent: say,
  });
  kept.push(process_);
  await process_.start(START_MS);
  say("part ready", { part: part.name });
};

const startAll = async (): Promise<void> => {
  message = "ending what an earlier supervisor left";
  await endLeftoverParts(installation);
  message = "starting postgres";
  const [databaseUrl, build] = await Promise.all([
    postgres.start(),
    readBuildEnvironment(),
    ...serverParts(installation).map(begin),
  ]);
  const [gateway, ...others] = serviceParts(installation, credentials, databaseUrl, build);
  if (gateway !== undefined) await begin(gateway);
  await Promise.all(others.map(begin));
};

let stopping: Promise<void> | undefined;
const stopAll = (exitCode: number): Promise<void> => {
  stopping ??= (async () => {
    if (phase !== "failed") phase = "stopping";
    const [servers, services] = [kept.filter(isServer), kept.filter((each) => !isServer(each))];
    await Promise.all(services.map((each) => each.stop()));
    await Promise.all(servers.map((each) => each.stop()));
    await postgres.stop();
    say("stopped");
    process.exit(exitCode);
  })();
  return stopping;
};

const isServer = (each: KeptProcess): boolean => ["nats", "registry"].includes(each.state().name);

process.on("SIGINT", () => void stopAll(0));
process.on("SIGTERM", () => void stopAll(0));
process.on("SIGHUP", () => {});
process.on("unhandledRejection", (error) => {
  say("unhandled", { error: String(error) });
});
process.on("uncaughtException", (error) => {
  say("uncaught", { error: String(error.stack) });
  process.exit(CRASHED);
});

await recordProcess(join(paths.run, "supervisor.json"), process.pid);
// Whoever ends both ends the guard first: this one came between and is not wanted.
if (process.ppid !== guardPid) process.exit(0);
await serveControl(paths.control, (request) => {
  if (request.op === "stop") void stopAll(0);
  return { pid: process.pid, phase, message, parts: [postgres.state(), ...kept.map((each) => each.state())] };
});
try {
  await startAll();
  phase = "running";
  message = "running";
  say("running");
} catch (error) {
  phase = "failed";
  message = asSlipwayError(error).message;
  say("start failed", { error: message });
  // Long enough for whoever waits to read why.
  setTimeout(() => void stopAll(1), 2_000);
}
