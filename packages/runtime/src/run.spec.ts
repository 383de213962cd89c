import { manualClock } from "@slipway/testkit";
import { z } from "zod";
import type { Component } from "./components.ts";
import type { ProcessHost } from "./process-host.ts";
import { processConfig, runService, type ServiceContext } from "./run.ts";

const schema = z.object({ ...processConfig, natsUrl: z.string(), password: z.string().default("") });
type Context = ServiceContext<Readonly<z.output<typeof schema>>>;

/** A process in which signals arrive and errors escape when the test says so. */
const fakeHost = (env: Record<string, string>, args: string[]) => {
  const exits: number[] = [];
  const out = { stdout: "", stderr: "" };
  let signalled: (signal: string) => void = () => {};
  let escaped: (error: unknown) => void = () => {};
  const host: ProcessHost = {
    env,
    args,
    hold: () => {},
    onStopSignal: (listener) => {
      signalled = listener;
    },
    onUncaught: (listener) => {
      escaped = listener;
    },
    write: (to, text) => {
      out[to] += text;
    },
    exit: (code) => void exits.push(code),
  };
  return {
    host,
    exits,
    out,
    signal: (name = "SIGTERM") => signalled(name),
    escape: (error: unknown) => escaped(error),
  };
};

const setUp = (parts: Partial<Component>[] = [{}], { env = {}, args = [] as string[] } = {}) => {
  const fake = fakeHost({ SLIPWAY_NATS_URL: "nats://x", ...env }, args);
  const clock = manualClock();
  const calls: string[] = [];
  let context: Context | undefined;
  const done = runService({
    name: "specimen",
    config: schema,
    secretKeys: ["password"],
    host: fake.host,
    clock,
    components: (given) => {
      context = given;
      return parts.map((own, i) => ({
        name: `part-${i}`,
        start: async () => void calls.push(`start ${i}`),
        stop: async () => void calls.push(`stop ${i}`),
        ...own,
      }));
    },
  });
  const messages = () =>
    fake.out.stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line).msg);
  return { ...fake, clock, calls, done, messages, context: () => context };
};

describe("runService", () => {
  it("starts the parts with the settings, is ready, and ends with 0 at the first signal", async () => {
    const run = setUp([{}, {}]);
    await run.done;
    expect(run.context()?.config).toMatchObject({ natsUrl: "nats://x", logLevel: "info" });
    expect(run.context()?.health.readiness().ready).toBe(true);
    run.signal();
    expect(run.context()?.health.readiness().ready).toBe(false);
    await run.clock.advance(0);
    expect(run.calls).toEqual(["start 0", "start 1", "stop 1", "stop 0"]);
    expect(run.exits).toEqual([0]);
    expect(run.messages()).toEqual(["ready", "stopping", "stopped"]);
  });

  it("ends with 1 at once at a second signal", async () => {
    const run = setUp([{ stop: () => new Promise(() => {}) }]);
    await run.done;
    run.signal("SIGINT");
    await run.clock.advance(100);
    expect(run.exits).toEqual([]);
    run.signal("SIGINT");
    expect(run.exits).toEqual([1]);
  });

  it("ends with 1 when a part does not stop within the deadline, and names it", async () => {
    const run = setUp([{ stop: () => new Promise(() => {}) }], { env: { SLIPWAY_STOP_DEADLINE_MS: "500" } });
    await run.done;
    run.signal();
    await run.clock.advance(499);
    expect(run.exits[0]).toBe(1);
    expect(run.out.stdout).toContain('"component":"part-0"');
  });

  it("ends at the hard deadline even when the start never ends", async () => {
    const run = setUp([{ start: () => new Promise(() => {}) }]);
    await run.clock.advance(0);
    run.signal();
    await run.clock.advance(9_999);
    expect(run.exits).toEqual([]);
    await run.clock.advance(1);
    expect(run.exits).toEqual([1]);
  });

  it("gives up the start at a signal, stops what had started and ends with 0", async () => {
    const run = setUp([
      {},
      {
        start: (signal) =>
          new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
      },
    ]);
    await run.clock.advance(0);
    run.signal();
    await run.clock.advance(0);
    expect(run.calls).toEqual(["start 0", "stop 0"]);
    expect(run.exits).toEqual([0]);
    expect(run.messages()).not.toContain("ready");
  });

  it("ends with 1 when a part cannot start, and says why", async () => {
    const run = setUp([{ start: () => Promise.reject(new Error("port taken")) }]);
    await run.done;
    expect(run.exits).toEqual([1]);
    expect(run.out.stdout).toContain("port taken");
  });

  it("logs an error that nobody caught, stops and ends with 1", async () => {
    const run = setUp();
    await run.done;
    run.escape(new Error("oops"));
    await run.clock.advance(0);
    expect(run.calls).toEqual(["start 0", "stop 0"]);
    expect(run.exits).toEqual([1]);
    expect(run.out.stdout).toContain("oops");
  });

  it("ends with 1 and one sentence when the settings are not valid", async () => {
    const run = setUp([{}], { env: { SLIPWAY_LOGLEVEL: "info" } });
    await run.done;
    expect(run.exits).toEqual([1]);
    expect(run.out.stderr).toBe(
      "specimen: The settings are not valid: SLIPWAY_LOGLEVEL is no setting of this service; did you mean SLIPWAY_LOG_LEVEL?.\n",
    );
    expect(run.calls).toEqual([]);
  });

  it("prints the settings in effect with secrets masked, and starts nothing, for --check-config", async () => {
    const run = setUp([{}], { env: { SLIPWAY_PASSWORD: "hush" }, args: ["--check-config"] });
    await run.done;
    expect(JSON.parse(run.out.stdout)).toEqual({
      logLevel: "info",
      stopDeadlineMs: 10_000,
      natsUrl: "nats://x",
      password: "***",
    });
    expect(run.exits).toEqual([0]);
    expect(run.calls).toEqual([]);
  });
});
