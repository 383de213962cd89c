import { connectPlainClient, type Plain, type PlainClient } from "../harness/plain-client.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { until } from "../harness/until.ts";

const PROJECT = "plain";

const TICKS = 40;

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "ticker", labels: { app: "ticker" } },
  spec: {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "ticker",
        image: "slipway/busybox:latest",
        imagePullPolicy: "IfNotPresent",
        command: ["sh", "-c", `i=0; while [ $i -lt ${TICKS} ]; do echo tick $i; i=$((i+1)); sleep 0.05; done`],
      },
    ],
  },
};

/** Anyone's gRPC client has everything that ours has. Fields have the names of the descriptors: snake_case. */
export const plainClientStory = (platform: () => TestPlatform): void => {
  let client: PlainClient;

  const apply = (...objects: object[]) =>
    client.call("Resources", "Apply", {
      project: PROJECT,
      manifests: objects.map((object) => ({ name: "plain", content: JSON.stringify(object) })),
    });

  beforeAll(async () => {
    client = await connectPlainClient(`127.0.0.1:${platform().installation.ports.grpc}`, platform().token);
    await apply({ apiVersion: "v1", kind: "Project", metadata: { name: PROJECT } });
  }, 30_000);

  afterAll(async () => {
    await client.call("Resources", "Delete", { keys: [{ kind: "Project", name: PROJECT }] });
    client.close();
    await until("the project is gone", async () =>
      (await platform().api.get("Project", "", PROJECT)) === undefined ? true : undefined,
    );
  }, 60_000);

  it("applies a pod, watches it from its creation to its end and follows its log", async () => {
    const watch = client.stream("Resources", "Watch", { kind: "pods", project: PROJECT });
    const { position } = await apply(pod);
    expect(position).toBeGreaterThan(0);

    const logs = client.stream("Pods", "Logs", { project: PROJECT, name: "ticker", follow: true });
    const lines: string[] = [];
    for await (const chunk of logs) {
      for (const { text } of (chunk as { lines: { text: string }[] }).lines) lines.push(text);
    }
    expect(lines).toEqual(Array.from({ length: TICKS }, (_, i) => `tick ${i}`));

    const phases = new Set<string>();
    for await (const change of watch) {
      const { type, resource } = change as { type: string; resource?: { pod?: { status?: { phase?: string } } } };
      if (type === "BOOKMARK") continue;
      const phase = resource?.pod?.status?.phase ?? "";
      phases.add(phase);
      if (phase === "Succeeded") break;
    }
    expect([...phases]).toEqual(expect.arrayContaining(["Pending", "Succeeded"]));
  }, 60_000);

  it("resumes the event log from where it was, as often as it likes, and misses nothing", async () => {
    const full = await readEvents(client, 1);
    const head = full.at(-1)?.position ?? 0;
    const resumed: EventOfLog[] = [];
    let cuts = 0;
    // Ends its own call after a few events each time, while new events are appended.
    for (let from = 1; from <= head; from = (resumed.at(-1)?.position ?? 0) + 1) {
      resumed.push(...(await readEvents(client, from, 7 + (cuts++ % 90))));
      if (cuts % 10 === 0) {
        const config = { apiVersion: "v1", kind: "ImageStream", metadata: { name: `stream-${cuts}` } };
        await apply(config);
      }
    }
    expect(cuts).toBeGreaterThan(3);
    expect(resumed.map(({ position }) => position)).toEqual(resumed.map((_, i) => i + 1));
    const again = await readEvents(client, 1);
    expect(resumed).toEqual(again.slice(0, resumed.length));
    expect(again.slice(0, full.length)).toEqual(full);
  }, 60_000);

  it("sees what happens from now on, live and in order, beside a second subscriber", async () => {
    const head = (await readEvents(client, 1)).length;
    const [slow, quick] = [0, 0].map(() =>
      client.stream("Events", "Subscribe", { from_position: head + 1, project: PROJECT, kinds: ["imagestream"] }),
    ) as [ReturnType<PlainClient["stream"]>, ReturnType<PlainClient["stream"]>];
    const wanted = Array.from({ length: 20 }, (_, i) => `imagestream/${PROJECT}/live-${i}`);
    for (const stream of wanted) {
      await apply({ apiVersion: "v1", kind: "ImageStream", metadata: { name: stream.split("/")[2] } });
    }
    for (const subscription of [quick, slow]) {
      const seen: string[] = [];
      for await (const answer of subscription) {
        for (const { stream } of (answer as { events: EventOfLog[] }).events) seen.push(stream);
        if (seen.length >= wanted.length) break;
      }
      expect(seen).toEqual(wanted);
    }
  }, 30_000);
};

interface EventOfLog {
  readonly position: number;
  readonly stream: string;
  readonly id: string;
}

/** Events from a position to the head of the moment, or until `limit` have come. */
const readEvents = async (client: PlainClient, from: number, limit = Number.POSITIVE_INFINITY) => {
  const events: EventOfLog[] = [];
  const subscription = client.stream("Events", "Subscribe", { from_position: from, until_head: true });
  for await (const answer of subscription as AsyncIterable<Plain>) {
    events.push(...(answer.events as EventOfLog[]));
    if (events.length >= limit) break;
  }
  return events.slice(0, limit);
};
