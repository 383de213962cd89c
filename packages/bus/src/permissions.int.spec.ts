import { seededRandom } from "@slipway/kernel";
import { startTestNats, type TestNats } from "@slipway/testkit";
import type { Bus } from "./bus.ts";
import { silentLogger } from "./bus-logger.ts";
import { eventually, takeAll, takeUntil } from "./contract-tools.ts";
import { connectBus } from "./jetstream.ts";
import { NatsLink } from "./nats-link.ts";
import { nodeInboxPrefix } from "./permissions.ts";
import { ensureTopology } from "./topology.ts";

/** `correct horse` with bcrypt at cost 4. */
const HASH = "$2a$04$Y7YVYI7Lj8QyXwjXA7Rw3ONj.VuCytTgLEj.2hauESHZbNG5ba0Nm";

describe("the users of NATS", () => {
  let nats: TestNats;
  let owner: Bus;
  let agent: Bus;
  const stopping = new AbortController();

  beforeAll(async () => {
    nats = await startTestNats({
      auth: [
        { role: "control-plane", user: "owner", password: "owner-secret" },
        { role: "node", node: "n.1", user: "agent-1", password: "agent-secret" },
        { role: "node", node: "n2", user: "agent-2", password: HASH },
      ],
    });
    owner = await connectBus({ servers: nats.url, user: "owner", password: "owner-secret", name: "owner" });
    await ensureTopology(owner.transport, { eventsOffset: 0 });
    agent = await connectBus({
      servers: nats.url,
      user: "agent-1",
      password: "agent-secret",
      node: "n.1",
      name: "agent",
    });
  });
  afterAll(async () => {
    stopping.abort();
    await owner.close();
    await agent.close();
    await nats.stop();
  });
  const rawAgent = () =>
    NatsLink.open({
      servers: nats.url,
      user: "agent-1",
      password: "agent-secret",
      name: "raw",
      inboxPrefix: nodeInboxPrefix("n.1"),
      logger: silentLogger,
    });

  it("are refused without, and with a wrong password", async () => {
    await expect(connectBus({ servers: nats.url, name: "nobody" })).rejects.toMatchObject({ code: "Unauthenticated" });
    const wrong = { servers: nats.url, user: "owner", password: "guess", name: "wrong" };
    await expect(connectBus(wrong)).rejects.toMatchObject({ code: "Unauthenticated", class: "Refused" });
  });

  it("may have their password as a hash", async () => {
    const hashed = { servers: nats.url, user: "agent-2", password: "correct horse", node: "n2", name: "hashed" };
    const bus = await connectBus(hashed);
    await bus.reports.publish("n2", "pod-status", 1, "from-n2");
    await bus.close();
  });

  it("that are agents do all that their node needs", async () => {
    await agent.reports.publish("n.1", "pod-status", { ok: true }, "m1");
    const key = { project: "demo", kind: "pod", name: "web", container: "app", run: "0" };
    await agent.logs.publish(key, [{ at: new Date().toISOString(), stream: "stdout", text: "hello" }]);
    const lines = await takeAll(owner.logs.read(key, { signal: stopping.signal }));
    expect(lines[0]?.lines[0]?.text).toBe("hello");

    await owner.assignments.put({ node: "n.1", uid: "p1" }, 1);
    await owner.assignments.put({ node: "n2", uid: "p2" }, 2);
    await owner.endpoints.put({ project: "demo", service: "web" }, []);
    await owner.assignments.declareComplete();
    await owner.endpoints.declareComplete();
    const isCaughtUp = (change: { type: string }) => change.type === "caught-up";
    const own = await takeUntil(agent.assignments.watch({ node: "n.1" }, stopping.signal), isCaughtUp);
    expect(own[0]).toEqual({ type: "put", key: { node: "n.1", uid: "p1" }, value: 1 });
    expect((await takeUntil(agent.endpoints.watch({}, stopping.signal), isCaughtUp)).length).toBe(2);
    expect((await agent.assignments.list({ node: "n.1" })).length).toBe(1);

    let beats = 0;
    owner.heartbeats.subscribe(() => beats++, stopping.signal);
    await eventually(() => {
      agent.heartbeats.publish("n.1", {});
      return beats > 0;
    });

    agent.requests.serve(
      "n.1",
      "count",
      async function* () {
        for (let number = 0; number < 1_000; number++) yield number;
      },
      stopping.signal,
    );
    await agent.assignments.list({ node: "n.1" });
    const answers = await takeAll(owner.requests.call("n.1", "count", null, { signal: stopping.signal }));
    expect(answers.length).toBe(1_000);
  });

  it("that are agents cannot speak for another node", async () => {
    await expect(agent.reports.publish("n2", "pod-status", 1, "m2")).rejects.toMatchObject({ code: "Forbidden" });
    const beats: string[] = [];
    owner.heartbeats.subscribe((node) => beats.push(node), stopping.signal);
    await eventually(() => {
      agent.heartbeats.publish("n2", {});
      agent.heartbeats.publish("n.1", {});
      return beats.length > 3;
    });
    expect(beats).not.toContain("n2");
  });

  it("that are agents cannot read events, other nodes' assignments or reports", async () => {
    const link = await rawAgent();
    const random = seededRandom(1);
    const consume = (stream: string, filter?: string) =>
      link.jsm.consumers.add(stream, {
        name: `x${Math.floor(random() * 1e9)}`,
        deliver_subject: link.inbox(),
        ack_policy: "none",
        ...(filter === undefined ? {} : { filter_subject: filter }),
      });
    const forbidden = { cause: { name: "PermissionViolationError" } };
    await expect(consume("EVENTS")).rejects.toMatchObject(forbidden);
    await expect(consume("EVENTS", "slipway.event.demo.>")).rejects.toMatchObject(forbidden);
    await expect(consume("ASSIGNMENTS")).rejects.toMatchObject(forbidden);
    await expect(consume("ASSIGNMENTS", "slipway.node.n2.pod.*")).rejects.toMatchObject(forbidden);
    await expect(consume("REPORTS")).rejects.toMatchObject(forbidden);
    await expect(link.jsm.streams.delete("EVENTS")).rejects.toMatchObject(forbidden);
    await expect(link.jsm.streams.purge("ASSIGNMENTS")).rejects.toMatchObject(forbidden);
    await expect(link.jsm.streams.getMessage("ASSIGNMENTS", { seq: 1 })).rejects.toMatchObject(forbidden);
    await expect(agent.assignments.put({ node: "n.1", uid: "p9" }, 1)).rejects.toMatchObject({ code: "Forbidden" });
    await link.close();
  });

  it("that are agents cannot hide another node's filter in their own subject", async () => {
    const link = await rawAgent();
    const subject = "$JS.API.CONSUMER.CREATE.ASSIGNMENTS.sly.slipway.node.n%2E1.pod.*";
    const config = {
      name: "sly",
      deliver_subject: link.inbox(),
      ack_policy: "none",
      filter_subject: "slipway.node.*.pod.*",
    };
    const answer = await link.nc.request(subject, JSON.stringify({ stream_name: "ASSIGNMENTS", config }));
    expect(answer.json()).toMatchObject({ error: { code: 400 } });
    await link.close();
  });

  it("that are agents cannot listen to what others send", async () => {
    const link = await rawAgent();
    for (const subject of [">", "slipway.>", "slipway.report.*.*", "slipway.heartbeat.*", "_INBOX.>"]) {
      const refused = new Promise((resolve) => {
        link.nc.subscribe(subject, { callback: (error) => resolve(error) });
      });
      expect(await refused).toMatchObject({ name: "PermissionViolationError" });
    }
    await link.close();
  });
});
