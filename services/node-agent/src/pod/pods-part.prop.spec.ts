import { type FakeEngine, fakeEngine } from "@slipway/containers";
import { SlipwayError } from "@slipway/kernel";
import { eventually, type ManualClock, manualClock } from "@slipway/testkit";
import fc from "fast-check";
import { LABEL } from "../container/plan/labels.ts";
import { type PodsHarness, podsHarness } from "../testing/pods-harness.ts";

const PODS = ["u1", "u2"];
const CONTAINERS = ["app", "side"];
const SPEC = { containers: CONTAINERS.map((name) => ({ name, image: "web:1" })) };

/** What may happen to a node. `pick` chooses one of what is there. */
const mishap = fc.record({
  kind: fc.constantFrom(
    "crash",
    "remove",
    "reboot",
    "restart-agent",
    "fail-start",
    "fail-create",
    "time",
    "engine-away",
  ),
  pick: fc.nat(100),
});

interface World {
  readonly clock: ManualClock;
  readonly engine: FakeEngine;
  readonly node: PodsHarness;
}

const happen = async (
  { clock, engine, node }: World,
  { kind, pick }: { kind: string; pick: number },
): Promise<void> => {
  const all = await engine.containers.list({ all: true });
  const chosen = all[pick % Math.max(1, all.length)];
  switch (kind) {
    case "crash":
      if (chosen?.status === "running") engine.crash(chosen.id, pick % 3);
      break;
    case "remove":
      if (chosen !== undefined) await engine.containers.remove(chosen.id, { force: true });
      break;
    case "reboot":
      engine.reboot();
      break;
    case "restart-agent":
      await node.restartAgent();
      break;
    case "fail-start":
      engine.failNext("containers.start", new SlipwayError("EngineError", "the runtime stumbled"));
      break;
    case "fail-create":
      engine.failNext("containers.create", new SlipwayError("EngineError", "the engine stumbled"));
      break;
    case "engine-away":
      engine.setAvailable(false);
      await clock.advance(pick * 10);
      engine.setAvailable(true);
      break;
    default:
      await clock.advance(pick * 1_000);
  }
  await clock.advance(pick % 50);
};

/** A pod is whole: one sandbox, each container running once and joined to it, and at most one dead run kept of each. */
const wholeness = async ({ engine }: World, uid: string): Promise<string | undefined> => {
  const all = await engine.containers.list({ labels: { [LABEL.podUid]: uid }, all: true });
  const sandboxes = all.filter(({ labels }) => labels[LABEL.role] === "sandbox");
  if (sandboxes.length !== 1 || sandboxes[0]?.status !== "running") return `${sandboxes.length} sandboxes`;
  for (const name of CONTAINERS) {
    const runs = all.filter(({ labels }) => labels[LABEL.container] === name);
    const running = runs.filter(({ status }) => status === "running");
    if (running.length !== 1) return `${running.length} running ${name}`;
    if (running[0]?.labels[LABEL.sandbox] !== sandboxes[0]?.id) return `${name} is in another sandbox`;
    if (runs.length > 2) return `${runs.length} runs of ${name} kept`;
  }
  return undefined;
};

describe("pods, whatever happens to their node", () => {
  it("are whole again in the end, and then nothing more is done to them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mishap, { minLength: 1, maxLength: 8 }), async (mishaps) => {
        const clock = manualClock(Date.parse("2026-01-01T00:00:00Z"));
        const engine = fakeEngine({ clock });
        engine.addImage("pause:1");
        engine.addImage("web:1");
        const world = { clock, engine, node: await podsHarness(engine, clock) };
        try {
          for (const uid of PODS) await world.node.assign(uid, SPEC);
          for (const each of mishaps) await happen(world, each);
          for (const uid of PODS) {
            await eventually(async () => {
              await clock.advance(30_000);
              return (await wholeness(world, uid)) === undefined || undefined;
            }, 3_000).catch(async () => {
              throw new Error(`${uid}: ${await wholeness(world, uid)}`);
            });
          }
          const acts = () => engine.calls.filter((call) => /^containers\.(create|start|kill|remove)/.test(call)).length;
          const before = acts();
          await clock.advance(200_000);
          expect(acts()).toBe(before);
        } finally {
          await world.node.stop();
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
