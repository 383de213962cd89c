import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, connectBus } from "@slipway/bus";
import { newId } from "@slipway/kernel";
import { Events, Resources } from "@slipway/proto";
import { type Channel, createChannel, createClient } from "@slipway/rpc";
import {
  eventually,
  startTestNats,
  startTestPostgres,
  type TestDatabase,
  type TestNats,
  type TestPostgres,
} from "@slipway/testkit";
import { manifest } from "./testing/gateway-harness.ts";
import { controller, pod, project, route, service } from "./testing/objects.ts";

const TOKEN = `owner-${newId()}`;
const TOKEN_FILE = join(tmpdir(), `slipway-token-${process.pid}`);
const USERS = [
  { user: "services", password: "services-secret", role: "control-plane" },
  { user: "n1", password: "node-secret", role: "node", node: "n1" },
] as const;

let postgres: TestPostgres;
let database: TestDatabase;
let nats: TestNats;
let gateway: ChildProcess | undefined;
let output = "";
let ports: { grpc: number; http: number };
let channel: Channel;

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
};

const environment = () => ({
  PATH: process.env.PATH ?? "",
  SLIPWAY_DATABASE_URL: database.serviceUrl,
  SLIPWAY_NATS_URL: nats.url,
  SLIPWAY_NATS_USER: "services",
  SLIPWAY_NATS_PASSWORD: "services-secret",
  SLIPWAY_OWNER_TOKEN_FILE: TOKEN_FILE,
  SLIPWAY_GRPC_PORT: String(ports.grpc),
  SLIPWAY_HTTP_PORT: String(ports.http),
  SLIPWAY_SNAPSHOT_EVERY: "3",
});

const run = (args: readonly string[] = [], env: Record<string, string> = environment()): ChildProcess => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return child;
};

const startGateway = async (): Promise<void> => {
  gateway = run();
  await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.http}/readyz`).catch(() => undefined);
    return answer?.status === 200 || undefined;
  }, 20_000).catch((error: unknown) => {
    throw new Error(`${error}\n${output}`);
  });
};

const stopGateway = async (signal: NodeJS.Signals): Promise<number | null> => {
  const child = gateway;
  gateway = undefined;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
  return child.exitCode;
};

beforeAll(async () => {
  await writeFile(TOKEN_FILE, `${TOKEN}\n`, { mode: 0o600 });
  [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats({ auth: USERS })]);
  database = await postgres.createDatabase();
  ports = { grpc: await freePort(), http: await freePort() };
  channel = createChannel(`127.0.0.1:${ports.grpc}`);
}, 60_000);
afterAll(async () => {
  await stopGateway("SIGKILL");
  channel?.close();
  await Promise.all([postgres?.stop(), nats?.stop()]);
});

const resources = () => createClient(Resources, channel, { token: TOKEN });
const events = () => createClient(Events, channel, { token: TOKEN });
const everything = async () => {
  const kinds = ["Project", "Pod", "Service", "ReplicationController", "Route", "Endpoints"];
  const lists = await Promise.all(kinds.map((kind) => resources().list({ kind })));
  return { position: lists[0]?.position, objects: lists.flatMap((list) => list.resources) };
};

describe("the gateway's process on a real Postgres and a real NATS", () => {
  it("takes wishes in, and has the same state after a stop and after a kill", async () => {
    await startGateway();
    const demo = { project: "demo" };
    await resources().apply({ ...demo, manifests: [project(), service("web"), route("web")].map(manifest) });
    await resources().apply({ ...demo, manifests: [controller("web", 2), pod("web")].map(manifest) });
    await resources().scale({ key: { kind: "rc", ...demo, name: "web" }, replicas: 5 });
    const before = await everything();
    expect(before.objects).toHaveLength(6);
    expect(before.position).toBe(7n);

    expect(await stopGateway("SIGTERM")).toBe(0);
    await startGateway();
    expect(await everything()).toEqual(before);
    expect(output).toContain('"snapshot":');

    await stopGateway("SIGKILL");
    await startGateway();
    expect(await everything()).toEqual(before);
    const again = await resources().apply({ ...demo, manifests: [service("web"), route("web")].map(manifest) });
    expect(again.results.map(({ action }) => action)).toEqual(["unchanged", "unchanged"]);
  }, 60_000);

  it("takes a node's reports with the node's own rights, and shows them to a subscriber", async () => {
    const node: Bus = await connectBus({
      servers: nats.url,
      name: "n1",
      node: "n1",
      user: "n1",
      password: "node-secret",
    });
    try {
      const { position } = await everything();
      const data = { node: { metadata: { name: "n1" }, status: { capacity: { cpu: "2" } } } };
      await node.reports.publish("n1", "node", data, newId());
      const abort = new AbortController();
      const types: string[] = [];
      const request = { fromPosition: (position ?? 0n) + 1n };
      for await (const answer of events().subscribe(request, { signal: abort.signal })) {
        types.push(...answer.events.map(({ type }) => type));
        if (types.length > 0) break;
      }
      expect(types).toEqual(["NodeRegistered"]);
    } finally {
      await node.close();
    }
  }, 30_000);

  it("outlives restarts of Postgres and NATS, and the loss of all that NATS kept", async () => {
    const seen: bigint[] = [];
    const abort = new AbortController();
    const follow = async () => {
      for await (const answer of events().subscribe({ fromPosition: 1n }, { signal: abort.signal })) {
        seen.push(...answer.events.map(({ position }) => position));
      }
    };
    const following = follow().catch(() => {});
    const apply = async (name: string): Promise<bigint> => {
      const { position } = await eventually(async () => {
        const request = { project: "demo", manifests: [manifest(pod(name))] };
        return resources()
          .apply(request, { metadata: { "x-slipway-request-id": name } })
          .catch(() => undefined);
      }, 30_000);
      return position;
    };
    await apply("before");
    await postgres.restart();
    await apply("after-postgres");
    await nats.restart();
    await apply("after-nats");
    await nats.wipe();
    const last = await apply("after-loss");
    await eventually(() => seen.at(-1) === last || undefined, 30_000);
    expect(seen).toEqual(Array.from({ length: Number(last) }, (_, i) => BigInt(i + 1)));
    abort.abort();
    await following;
    expect(gateway?.exitCode).toBeNull();
  }, 120_000);

  it("shows its settings without its secrets, and names one that it does not know", async () => {
    output = "";
    const shown = run(["--check-config"]);
    await once(shown, "exit");
    expect([shown.exitCode, output]).toEqual([0, expect.stringContaining('"serviceCidr": "10.96.0.0/16"')]);
    for (const secret of [TOKEN, "services-secret"]) expect(output).not.toContain(secret);
    output = "";
    const wrong = run(["--check-config"], { ...environment(), SLIPWAY_GRPC_PROT: "1", SLIPWAY_SERVICE_CIDR: "10.96" });
    await once(wrong, "exit");
    expect([wrong.exitCode, output]).toEqual([1, expect.stringMatching(/GRPC_PROT.*GRPC_PORT.*SERVICE_CIDR/s)]);
  }, 30_000);
});
