import { type Deferred, deferred, SlipwayError, seededRandom } from "@slipway/kernel";
import { type ManualClock, manualClock } from "@slipway/testkit";
import { type ControllerOptions, createController, type Reconcile } from "./controller.ts";

const setUp = (reconcile: Reconcile, options: Partial<ControllerOptions> = {}) => {
  const clock = manualClock();
  const outcomes: string[] = [];
  const controller = createController({
    name: "specimen",
    reconcile,
    clock,
    random: seededRandom(1),
    onOutcome: (outcome, durationMs, key) => outcomes.push(`${key} ${outcome} ${durationMs}`),
    ...options,
  });
  return { clock, controller, outcomes };
};

/** A reconciler whose runs end when the test says so. */
const held = () => {
  const runs: { key: string; signal: AbortSignal; end: Deferred<void> }[] = [];
  const reconcile: Reconcile = (key, signal) => {
    const end = deferred();
    runs.push({ key, signal, end });
    return end.promise;
  };
  return { runs, reconcile };
};

const recorder = (clock: () => ManualClock, answer: (key: string, run: number) => ReturnType<Reconcile>) => {
  const runs: string[] = [];
  const reconcile: Reconcile = async (key) => {
    runs.push(`${key}@${clock().now()}`);
    return answer(key, runs.length);
  };
  return { runs, reconcile };
};

describe("a controller", () => {
  it("runs nothing before it starts, then what was added before", async () => {
    const { runs, reconcile } = held();
    const { clock, controller } = setUp(reconcile);
    controller.add("a");
    await clock.advance(10);
    expect(runs).toHaveLength(0);
    await controller.start();
    expect(runs.map((run) => run.key)).toEqual(["a"]);
  });

  it("runs as many keys at once as it may, and never one twice", async () => {
    const { runs, reconcile } = held();
    const { clock, controller } = setUp(reconcile, { concurrency: 2 });
    await controller.start();
    for (const key of ["a", "b", "c"]) controller.add(key);
    controller.add("a");
    expect(runs.map((run) => run.key)).toEqual(["a", "b"]);
    expect(controller.depth()).toBe(2);
    runs[1]?.end.resolve();
    await clock.advance(0);
    expect(runs.map((run) => run.key)).toEqual(["a", "b", "c"]);
    runs[0]?.end.resolve();
    await clock.advance(0);
    expect(runs.map((run) => run.key)).toEqual(["a", "b", "c", "a"]);
  });

  it("calls a key again when it asked for that, and tells the outcome of every run", async () => {
    let clock = manualClock();
    const { runs, reconcile } = recorder(
      () => clock,
      async (_, run) => (run === 1 ? { requeueAfterMs: 500 } : undefined),
    );
    const setup = setUp(reconcile);
    clock = setup.clock;
    await setup.controller.start();
    setup.controller.add("a");
    await clock.advance(5_000);
    expect(runs).toEqual(["a@0", "a@500"]);
    expect(setup.outcomes).toEqual(["a requeue 0", "a success 0"]);
    expect(clock.pending()).toBe(0);
  });

  it("backs off a key that fails, twice as long each time, and starts afresh after a success", async () => {
    let clock = manualClock();
    const { runs, reconcile } = recorder(
      () => clock,
      async (_, run) => {
        if (run !== 4) throw new Error("no");
      },
    );
    const attempts: (number | string)[] = [];
    const setup = setUp(reconcile, {
      backoff: { initialMs: 5, maxMs: 30_000 },
      onError: (error, key, attempt) => attempts.push(`${key} ${error.code} ${attempt}`),
    });
    clock = setup.clock;
    await setup.controller.start();
    setup.controller.add("a");
    await clock.advance(1_000);
    expect(runs).toEqual(["a@0", "a@5", "a@15", "a@35"]);
    setup.controller.add("a");
    await clock.advance(5);
    expect(runs.slice(4)).toEqual(["a@1000", "a@1005"]);
    expect(attempts).toEqual(["a Internal 1", "a Internal 2", "a Internal 3", "a Internal 1", "a Internal 2"]);
  });

  it("never backs off for longer than the policy's largest delay", async () => {
    let clock = manualClock();
    const { runs, reconcile } = recorder(
      () => clock,
      () => Promise.reject(new Error("no")),
    );
    const setup = setUp(reconcile);
    clock = setup.clock;
    await setup.controller.start();
    setup.controller.add("a");
    await clock.advance(300_000);
    const before = runs.length;
    await clock.advance(30_000);
    expect(runs.length).toBeGreaterThan(before);
  });

  it("does not come back before the time that a transient error names", async () => {
    let clock = manualClock();
    const { runs, reconcile } = recorder(
      () => clock,
      async (_, run) => {
        if (run === 1) throw new SlipwayError("LogUnavailable", "later", { retryAfterMs: 250 });
      },
    );
    const setup = setUp(reconcile);
    clock = setup.clock;
    await setup.controller.start();
    setup.controller.add("a");
    await clock.advance(1_000);
    expect(runs).toEqual(["a@0", "a@250"]);
  });

  it("treats a reconciler that throws before its first await like any failure", async () => {
    const errors: string[] = [];
    const { controller, clock } = setUp(
      () => {
        throw new Error("at once");
      },
      { onError: (error) => errors.push(error.message) },
    );
    await controller.start();
    controller.add("a");
    await clock.advance(0);
    expect(errors).toEqual(["at once"]);
    expect(controller.running()).toBe(0);
  });

  it("is idle when nothing is ready or running, also while a key waits for its moment", async () => {
    const { runs, reconcile } = held();
    const { clock, controller } = setUp(reconcile);
    await controller.start();
    await controller.idle();
    controller.add("a");
    controller.addAfter("later", 1_000);
    let idle = false;
    const waiting = controller.idle().then(() => {
      idle = true;
    });
    await clock.advance(0);
    expect(idle).toBe(false);
    runs[0]?.end.resolve();
    await waiting;
    expect(controller.running()).toBe(0);
  });
});

describe("the resync of a controller", () => {
  it("lists every key before the start ends, and again from time to time", async () => {
    let clock = manualClock();
    const { runs, reconcile } = recorder(
      () => clock,
      async () => {},
    );
    const setup = setUp(reconcile, { resync: { everyMs: 60_000, listKeys: async () => ["a", "b"] } });
    clock = setup.clock;
    await setup.controller.start();
    await setup.controller.idle();
    expect(runs).toEqual(["a@0", "b@0"]);
    await clock.advance(66_000);
    expect(runs).toHaveLength(4);
  });

  it("goes on when one list fails, and says so", async () => {
    const errors: string[] = [];
    let lists = 0;
    const { clock, controller } = setUp(async () => {}, {
      resync: {
        everyMs: 1_000,
        listKeys: () => {
          lists++;
          if (lists === 2) throw new Error("unreadable");
          return [];
        },
      },
      onError: (error, key, attempt) => errors.push(`${key} ${error.message} ${attempt}`),
    });
    await controller.start();
    await clock.advance(3_500);
    expect(lists).toBeGreaterThanOrEqual(4);
    expect(errors).toEqual(["undefined unreadable 1"]);
  });

  it("fails the start when the first list fails", async () => {
    const { controller } = setUp(async () => {}, {
      resync: { everyMs: 1_000, listKeys: () => Promise.reject(new Error("unreadable")) },
    });
    await expect(controller.start()).rejects.toThrow("unreadable");
  });
});

describe("stopping a controller", () => {
  it("waits for what runs, starts nothing more and leaves no timer", async () => {
    const { runs, reconcile } = held();
    const { clock, controller } = setUp(reconcile, { resync: { everyMs: 1_000, listKeys: () => ["a", "b"] } });
    await controller.start();
    controller.addAfter("c", 100);
    let stopped = false;
    const stopping = controller.stop(1_000).then(() => {
      stopped = true;
    });
    controller.add("d");
    await clock.advance(700);
    expect(stopped).toBe(false);
    expect(runs[0]?.signal.aborted).toBe(false);
    runs[0]?.end.resolve();
    await stopping;
    await clock.advance(10_000);
    expect(runs.map((run) => run.key)).toEqual(["a"]);
    expect(clock.pending()).toBe(0);
  });

  it("aborts what still runs after three quarters of the time", async () => {
    const { runs, reconcile } = held();
    const errors: string[] = [];
    const { clock, controller, outcomes } = setUp(reconcile, { onError: (error) => errors.push(error.code) });
    await controller.start();
    controller.add("a");
    const run = runs[0];
    run?.signal.addEventListener("abort", () => run.end.reject(run.signal.reason));
    const stopping = controller.stop(1_000);
    await clock.advance(750);
    await stopping;
    expect(outcomes).toEqual(["a aborted 750"]);
    expect(errors).toEqual([]);
  });

  it("fails at the deadline and names what it left behind", async () => {
    const { reconcile } = held();
    const { clock, controller } = setUp(reconcile);
    await controller.start();
    controller.add("stuck");
    const stopping = controller.stop(1_000);
    const failed = expect(stopping).rejects.toMatchObject({ code: "DeadlineExceeded", fields: { keys: ["stuck"] } });
    await clock.advance(1_000);
    await failed;
  });
});
