import { rmSync } from "node:fs";
import { join } from "node:path";
import { measured } from "../harness/measured.ts";
import { haproxyPid, pidOf, untilWhole } from "../harness/parts.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { type SteadyRequests, startSteadyRequests } from "../harness/steady-requests.ts";
import { type SteadyWrites, startSteadyWrites } from "../harness/steady-writes.ts";
import { openStoredLog } from "../harness/stored-log.ts";
import { tracesOf } from "../harness/traces.ts";
import { until } from "../harness/until.ts";

const PROJECT = "sabotage";
const HOST = "hello-node-demo.apps.localhost";

/** Parts that no request to an application passes through. */
const CONTROL_PLANE = [
  "scheduler",
  "replicator",
  "builder",
  "node-agent",
  "registry",
  "nats",
  "postgres",
  "api-gateway",
];

/** Everything that runs under the platform's home, by what tells it from the rest in its command line. */
const PROCESSES = ["supervise.ts", "nats-server", "docker-registry", "bin/postgres -D", "haproxy", "src/main.ts"];

const TERMINAL = ["BuildSucceeded", "BuildFailed", "BuildCancelled"];

/**
 * Each part is killed once, with requests to an application and writes to the API going on all the while. What is asked
 * of the platform: it comes back by itself, applications do not notice, and nothing that was acknowledged is lost.
 */
export const sabotageStory = (platform: () => TestPlatform): void => {
  let requests: SteadyRequests;
  let writes: SteadyWrites;
  let containersBefore: string[];
  let processesBefore: Record<string, number>;

  const containers = async (): Promise<string[]> => {
    const { engine, installation } = platform();
    const labels = { "slipway.instance": installation.instance, "slipway.project": "demo" };
    const found = await engine.containers.list({ labels });
    const inspected = await Promise.all(found.map(({ id }) => engine.containers.inspect(id)));
    return inspected.map(({ name, id, state }) => `${name} ${id} ${state.startedAt}`).sort();
  };
  const processes = async (): Promise<Record<string, number>> => {
    const { engine, installation } = platform();
    const lines = (await tracesOf(installation, engine)).filter((line) => line.startsWith("process "));
    return Object.fromEntries(PROCESSES.map((word) => [word, lines.filter((line) => line.includes(word)).length]));
  };
  const sabotage = async (part: string, act: (pid: number) => void): Promise<void> => {
    const { home } = platform();
    const before = await pidOf(home, part);
    const startedAt = performance.now();
    act(before);
    await untilWhole(home, part, before);
    measured(`${part} sabotaged, until all parts are ready`, performance.now() - startedAt);
    const last = writes.acknowledged().at(-1)?.number ?? 0;
    await until("writes are acknowledged again", () => (writes.acknowledged().at(-1)?.number ?? 0) > last || undefined);
  };
  const kill = (part: string) => sabotage(part, (pid) => process.kill(pid, "SIGKILL"));

  beforeAll(async () => {
    containersBefore = await containers();
    processesBefore = await processes();
    requests = startSteadyRequests(() => platform().edge(HOST));
    writes = await startSteadyWrites(platform().api, PROJECT);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([requests?.stop(), writes?.stop()]);
    await platform().slipway(["project", "delete", PROJECT]);
  }, 60_000);

  for (const part of CONTROL_PLANE) {
    it(`brings back ${part}`, () => kill(part), 90_000);
  }

  it("brings back the supervisor, which starts its parts anew", () => kill("supervisor"), 90_000);

  it("makes the bus anew when its store is taken away", async () => {
    const { installation, home } = platform();
    expect(installation.home).toBe(home);
    await sabotage("nats", () => rmSync(join(home, "nats", "jetstream"), { recursive: true }));
  }, 90_000);

  it("ends a build once whose builder was killed in the middle", async () => {
    const { slipway, api } = platform();
    const { stdout } = await slipway(["start-build", "hello-node", "-n", "demo"]);
    const name = /hello-node-\d+/.exec(stdout)?.[0] ?? "";
    await api.untilObject("builds", "demo", name, ({ status }) => status?.phase === "Running");
    await kill("builder");
    await api.untilObject("builds", "demo", name, ({ status }) => status?.phase === "Complete", 120_000);
    const log = openStoredLog(platform().installation);
    const types = (await log.events()).flatMap(({ stream, type }) => (stream === `build/demo/${name}` ? [type] : []));
    await log.close();
    expect(types.filter((type) => TERMINAL.includes(type))).toEqual(["BuildSucceeded"]);
  }, 180_000);

  it("let no request fail, restarted no container and left no process behind", async () => {
    await requests.stop();
    measured("requests meanwhile, slowest", requests.slowestMs());
    expect(requests.sent()).toBeGreaterThan(100);
    expect(requests.failed()).toEqual([]);
    expect(await containers()).toEqual(containersBefore);
    expect(await processes()).toEqual(processesBefore);
  }, 60_000);

  it("follows a wish as before", async () => {
    const { api, slipway } = platform();
    for (const replicas of [4, 3]) {
      expect(await slipway(["scale", "rc/hello-node", `--replicas=${replicas}`, "-n", "demo"])).toMatchObject({
        code: 0,
      });
      const wanted = ({ status }: { status?: { replicas?: number; readyReplicas?: number } }) =>
        status?.replicas === replicas && status.readyReplicas === replicas;
      await api.untilObject("rc", "demo", "hello-node", wanted);
    }
  }, 90_000);

  it("has every acknowledged write in a log without gaps, and shows what a fold of it gives", async () => {
    await writes.stop();
    measured("writes meanwhile, longest gap", writes.longestGapMs());
    const log = openStoredLog(platform().installation);
    const events = await log.events();
    expect(events.map(({ position }) => position)).toEqual(events.map((_event, i) => i + 1));
    const written = new Map(
      events
        .filter(({ stream }) => stream.startsWith(`imagestream/${PROJECT}/`))
        .map(({ position, data }) => [position, (data as ImageStreamData).imageStream?.metadata?.labels?.write]),
    );
    const acknowledged = writes.acknowledged();
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.map(({ position }) => written.get(position))).toEqual(
      acknowledged.map((each) => `${each.number}`),
    );
    await until("what is shown is the fold", async () => {
      expect(await log.differences(platform().api)).toEqual([]);
      return true;
    });
    await log.close();
  }, 60_000);

  it("opens the route again at once when HAProxy is killed", async () => {
    const { home, edge } = platform();
    const before = haproxyPid(home);
    process.kill(before, "SIGKILL");
    const startedAt = performance.now();
    await until("the route answers", async () => ((await edge(HOST)).status === 200 ? true : undefined), 10_000);
    measured("haproxy killed, until the route answers", performance.now() - startedAt);
    expect(haproxyPid(home)).not.toBe(before);
  }, 30_000);
};

interface ImageStreamData {
  readonly imageStream?: { readonly metadata?: { readonly labels?: { readonly write?: string } } };
}
