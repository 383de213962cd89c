import { type BuildFacts, planBuilds } from "./plan-builds.ts";

let order = 0;
const build = (name: string, facts: Partial<BuildFacts> = {}): BuildFacts => ({
  project: "demo",
  name,
  uid: `uid-${name}`,
  config: name.replace(/-\d+$/, ""),
  number: Number(/\d+$/.exec(name)?.[0] ?? 1),
  serial: true,
  phase: "new",
  cancelRequested: false,
  order: ++order,
  ...facts,
});
const plan = (builds: BuildFacts[], options: { running?: string[]; limit?: number; nowMs?: number } = {}) =>
  planBuilds({
    builds,
    builder: "b1",
    running: new Set((options.running ?? []).map((name) => `uid-${name}`)),
    limit: options.limit ?? 2,
    nowMs: options.nowMs ?? 1_000,
  }).map((step) => `${step.type} ${"build" in step ? step.build.name : `${step.uid} ${step.why}`}`);

describe("planning builds", () => {
  it("takes new builds, oldest first, as far as there are places", () => {
    expect(plan([build("c-1"), build("a-1"), build("b-1")])).toEqual(["take c-1", "take a-1"]);
  });

  it("runs one serial build of a config at a time, lowest number first", () => {
    expect(plan([build("web-2"), build("web-1")])).toEqual(["take web-1"]);
    expect(plan([build("web-1", { phase: "running", builder: "b2/x" }), build("web-2")])).toEqual([]);
    expect(plan([build("web-1", { phase: "finished" }), build("web-2")])).toEqual(["take web-2"]);
  });

  it("tells configs of the same name in two projects apart", () => {
    expect(plan([build("web-1"), build("web-1", { project: "other", uid: "uid-other" })])).toHaveLength(2);
  });

  it("runs parallel builds together, but not beside a serial one", () => {
    const parallel = { serial: false };
    expect(plan([build("web-1", parallel), build("web-2", parallel)])).toEqual(["take web-1", "take web-2"]);
    expect(plan([build("web-1", { phase: "running", builder: "b2/x" }), build("web-2", parallel)])).toEqual([]);
    expect(plan([build("web-1", parallel), build("web-2")])).toEqual(["take web-1"]);
    expect(plan([build("web-1"), build("web-2", parallel)])).toEqual(["take web-1"]);
  });

  it("leaves builds alone that run here or with another builder", () => {
    expect(plan([build("web-1", { phase: "running", builder: "b1/now" })], { running: ["web-1"] })).toEqual([]);
    expect(plan([build("web-1", { phase: "running", builder: "b10/x" })])).toEqual([]);
  });

  it("does not take a build again that it has just taken", () => {
    expect(plan([build("web-1")], { running: ["web-1"] })).toEqual([]);
  });

  it("takes again what it had before a restart", () => {
    expect(plan([build("web-1", { phase: "running", builder: "b1/before" })])).toEqual(["retake web-1"]);
    expect(plan([build("web-1", { phase: "running", builder: "b1/before" }), build("a-1")], { limit: 1 })).toEqual([
      "retake web-1",
    ]);
    expect(plan([build("web-1", { phase: "running", builder: "b1/before" })], { limit: 1, running: [] })).toEqual([
      "retake web-1",
    ]);
  });

  it("ends what was cancelled or ran out of time while it was away", () => {
    expect(plan([build("web-1", { phase: "running", builder: "b1/before", cancelRequested: true })])).toEqual([
      "finish-cancelled web-1",
    ]);
    expect(plan([build("web-1", { phase: "running", builder: "b1/before", deadlineMs: 999 })])).toEqual([
      "expire web-1",
    ]);
  });

  it("ends another builder's build only long after its time was up", () => {
    const foreign = build("web-1", { phase: "running", builder: "b2/x", deadlineMs: 1_000 });
    expect(plan([foreign], { nowMs: 60_000 })).toEqual([]);
    expect(plan([foreign], { nowMs: 61_001 })).toEqual(["expire web-1"]);
  });

  it("stops what is cancelled, ended by somebody else, or gone", () => {
    expect(
      plan([build("web-1", { phase: "running", builder: "b1/now", cancelRequested: true })], { running: ["web-1"] }),
    ).toEqual(["stop uid-web-1 cancelled"]);
    expect(plan([build("web-1", { phase: "finished" })], { running: ["web-1"] })).toEqual(["stop uid-web-1 deleted"]);
    expect(plan([], { running: ["web-1"] })).toEqual(["stop uid-web-1 deleted"]);
  });
});
