import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NatsUser, renderNatsConfig } from "@slipway/bus";

export interface TestNats {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the server in order; everything it kept stays until `stop`. */
  restart(): Promise<void>;
  /** The server dies at once, as in a power cut; `restart` starts it again. */
  kill(): Promise<void>;
  /** The server dies, all that JetStream kept is lost, and the server starts again. */
  wipe(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

export interface TestNatsOptions {
  /** Without it anybody may do anything, on loopback only. */
  readonly auth?: readonly NatsUser[];
}

const START_WITHIN_MS = 10_000;

/**
 * Cleans up after a process that was killed: its end of the pipe closes with it, whatever the reason. `$1` is the folder.
 */
const WATCHDOG = 'cat >/dev/null; [ -f "$1/pid" ] && kill -9 "$(cat "$1/pid")"; rm -rf "$1"';

/** A real nats-server on a free loopback port, with its own folder. Both go with `stop`, or else with this process. */
export const startTestNats = async (options: TestNatsOptions = {}): Promise<TestNats> => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-nats-"));
  const storeDir = join(folder, "store");
  const configFile = join(folder, "nats.conf");
  const port = await freePort();
  await writeFile(configFile, configOf(options, port, storeDir), { mode: 0o600 });

  const pidFile = join(folder, "pid");
  const watchdog = spawn("sh", ["-c", WATCHDOG, "sh", folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watchdog.unref();
  if ("unref" in watchdog.stdin && typeof watchdog.stdin.unref === "function") watchdog.stdin.unref();
  let server: ChildProcess | undefined;

  const start = async () => {
    await mkdir(storeDir, { recursive: true });
    const started = spawn("nats-server", ["--config", configFile, "--pid", pidFile], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    server = started;
    let said = "";
    started.stderr?.on("data", (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4_000);
    });
    const failed = new Promise<never>((_, reject) => {
      started.once("error", reject);
      started.once("exit", (code) => reject(new Error(`nats-server ended with ${code}:\n${said}`)));
    });
    failed.catch(() => {});
    await Promise.race([answers(port), failed]);
  };
  const end = async (signal: NodeJS.Signals) => {
    const ending = server;
    server = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, "exit");
    ending.kill(signal);
    await ended;
    await rm(pidFile, { force: true });
  };
  const stop = async () => {
    await end("SIGKILL");
    await rm(folder, { recursive: true, force: true });
    watchdog.stdin.end();
  };

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    get pid() {
      return server?.pid ?? 0;
    },
    restart: async () => {
      await end("SIGTERM");
      await start();
    },
    kill: () => end("SIGKILL"),
    wipe: async () => {
      await end("SIGKILL");
      await rm(storeDir, { recursive: true, force: true });
      await start();
    },
    stop,
  };
};

const configOf = ({ auth }: TestNatsOptions, port: number, storeDir: string): string =>
  auth === undefined
    ? `server_name: "test"\nlisten: "127.0.0.1:${port}"\njetstream { store_dir: "${storeDir}" }\n`
    : renderNatsConfig({ port, storeDir, users: auth });

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
};

/** Resolves when the port greets as a NATS server does. */
const answers = async (port: number): Promise<void> => {
  const until = Date.now() + START_WITHIN_MS;
  while (!(await greets(port))) {
    if (Date.now() > until) throw new Error(`nats-server did not answer on port ${port} within ${START_WITHIN_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const settle = (greeted: boolean) => {
      socket.destroy();
      resolve(greeted);
    };
    socket.once("data", (chunk: Buffer) => settle(chunk.toString().startsWith("INFO ")));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
  });
