import { type FakeEngine, fakeCommand, fakeEngine } from "@slipway/containers";
import { LABEL, ownLabels } from "../container/plan/labels.ts";
import { serveLogs } from "./serve-logs.ts";

const IDENTITY = { instance: "t", node: "n1" };

let engine: FakeEngine;
beforeEach(() => {
  engine = fakeEngine();
  engine.addImage("web:1");
});

const run = async (restartCount: number, stdout: readonly string[], more: Record<string, string> = {}) => {
  const { id } = await engine.containers.create({
    image: "web:1",
    command: fakeCommand({ stdout }),
    labels: {
      ...ownLabels(IDENTITY),
      [LABEL.podUid]: "u1",
      [LABEL.role]: "app",
      [LABEL.container]: "app",
      [LABEL.restartCount]: String(restartCount),
      ...more,
    },
  });
  await engine.containers.start(id);
  return id;
};

const read = async (question: object, until = Number.POSITIVE_INFINITY, onLine?: (line: string) => void) => {
  const lines: string[] = [];
  const stop = new AbortController();
  let lives = true;
  const source = {
    containers: engine.containers,
    identity: IDENTITY,
    changed: async () => {
      lives = false;
    },
    lives: () => lives,
  };
  for await (const answer of serveLogs(source, { uid: "u1", ...question }, stop.signal)) {
    for (const { text } of answer.lines) {
      lines.push(text);
      onLine?.(text);
    }
    if (lines.length >= until) stop.abort();
  }
  return lines;
};

describe("a question for logs", () => {
  it("is answered with what the present run wrote", async () => {
    engine.crash(await run(0, ["old"]), 1);
    await run(1, ["one", "two"]);
    expect(await read({})).toEqual(["one", "two"]);
    expect(await read({ tail: 1 })).toEqual(["two"]);
  });

  it("is answered with what the run before wrote, when that is asked for", async () => {
    engine.crash(await run(0, ["old"]), 1);
    await run(1, ["new"]);
    expect(await read({ previous: true })).toEqual(["old"]);
  });

  it("is refused when there was no run before", async () => {
    await run(0, ["only"]);
    await expect(read({ previous: true })).rejects.toThrow("no previous run");
  });

  it("goes on with the next run when the one that is followed ends", async () => {
    const first = await run(0, ["one"]);
    const lines = await read({ follow: true }, 2, (line) => {
      if (line !== "one") return;
      void run(1, ["two"]).then(() => engine.crash(first, 1));
    });
    expect(lines).toEqual(["one", "two"]);
  });

  it("ends with the pod when it is followed", async () => {
    const id = await run(0, ["one"]);
    expect(await read({ follow: true }, Number.POSITIVE_INFINITY, () => engine.crash(id, 0))).toEqual(["one"]);
  });

  it("must name one of several containers", async () => {
    await run(0, ["one"]);
    await run(0, ["two"], { [LABEL.container]: "side" });
    await expect(read({})).rejects.toThrow("name one of them: app, side");
    expect(await read({ container: "side" })).toEqual(["two"]);
  });
});
