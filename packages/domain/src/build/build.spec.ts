import type { BuildJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { buildDecider } from "./decider.ts";
import type { BuildEvent } from "./events.ts";

const AT = "2026-01-01T10:00:00.000Z";
const builds = DeciderSpecification.for(buildDecider);
const build: BuildJson = {
  kind: "Build",
  metadata: { name: "web-1", namespace: "demo", uid: "u1", generation: 1 },
  spec: {},
};
const requested: BuildEvent = { type: "BuildRequested", data: { build } };
const started = (builder: string): BuildEvent => ({ type: "BuildStarted", data: { uid: "u1", builder, at: AT } });
const cancelRequested: BuildEvent = { type: "BuildCancelRequested", data: { uid: "u1" } };
const succeeded: BuildEvent = {
  type: "BuildSucceeded",
  data: { uid: "u1", dockerImageReference: "r/demo/web:latest", imageDigest: "sha256:1", at: AT },
};
const cancelled: BuildEvent = { type: "BuildCancelled", data: { uid: "u1", at: AT, logSnippet: "" } };

const start = { type: "StartBuild", uid: "u1", builder: "b1", at: AT } as const;
const cancel = { type: "CancelBuild", at: AT } as const;
const succeed = {
  type: "SucceedBuild",
  uid: "u1",
  dockerImageReference: "r/demo/web:latest",
  imageDigest: "sha256:1",
  at: AT,
} as const;
const fail = {
  type: "FailBuild",
  uid: "u1",
  reason: "AssembleFailed",
  message: "exit 1",
  logSnippet: "…",
  at: AT,
} as const;

describe("a build", () => {
  it("is asked for once", () => {
    builds.when({ type: "RequestBuild", build }).then([requested]);
    builds
      .given([requested])
      .when({ type: "RequestBuild", build: { ...build, metadata: { ...build.metadata, uid: "u2" } } })
      .thenRefused("AlreadyExists");
  });

  it("is taken by one builder, and by another only when that one is gone", () => {
    builds
      .given([requested])
      .when(start)
      .then([started("b1")]);
    const taken = builds.given([requested, started("b1")]);
    taken.when({ ...start, builder: "b2" }).thenRefused("FailedPrecondition", /b1/);
    taken.when({ ...start, builder: "b2", retake: true }).then([started("b2")]);
  });

  it("goes through each stage once, and through all of them again when it is taken over", () => {
    const stage = { type: "StartBuildStage", uid: "u1", stage: "Build", at: AT } as const;
    const inBuild: BuildEvent = { type: "BuildStageStarted", data: { uid: "u1", stage: "Build", at: AT } };
    builds
      .given([requested, started("b1")])
      .when(stage)
      .then([inBuild]);
    builds
      .given([requested, started("b1"), inBuild])
      .when(stage)
      .thenNothingHappened();
    builds
      .given([requested, started("b1"), inBuild, started("b2")])
      .when(stage)
      .then([inBuild]);
  });

  it("does nothing before it is started but fail", () => {
    builds
      .given([requested])
      .when(succeed)
      .thenRefused("FailedPrecondition", /not been started/);
    const { type: _type, ...data } = fail;
    builds
      .given([requested])
      .when(fail)
      .then([{ type: "BuildFailed", data }]);
  });

  it("is cancelled at once while it waits, and by its builder while it runs", () => {
    builds.given([requested]).when(cancel).then([cancelled]);
    builds
      .given([requested, started("b1")])
      .when(cancel)
      .then([cancelRequested]);
    const asked = builds.given([requested, started("b1"), cancelRequested]);
    asked.when(cancel).thenNothingHappened();
    asked.when({ type: "FinishCancelledBuild", uid: "u1", at: AT }).then([cancelled]);
  });

  it("is not cancelled by its builder alone", () => {
    builds
      .given([requested, started("b1")])
      .when({ type: "FinishCancelledBuild", uid: "u1", at: AT })
      .thenRefused("FailedPrecondition");
  });

  it("has one end", () => {
    const done = builds.given([requested, started("b1"), succeeded]);
    for (const late of [succeed, fail, start]) done.when(late).thenNothingHappened();
    done.when(cancel).thenRefused("FailedPrecondition", /ended already/);
    builds.given([requested, cancelled]).when(cancel).thenNothingHappened();
  });

  it("keeps its end whatever is recorded after it", () => {
    const done = [requested, started("b1"), succeeded].reduce(buildDecider.evolve, buildDecider.initial);
    expect(buildDecider.evolve(done, cancelled)).toBe(done);
  });

  it("can be removed, unless another one is meant", () => {
    builds.given([requested]).when({ type: "DeleteBuild", uid: "u0" }).thenRefused("FailedPrecondition");
    builds
      .given([requested])
      .when({ type: "DeleteBuild" })
      .then([{ type: "BuildDeleted", data: { uid: "u1" } }]);
  });
});
