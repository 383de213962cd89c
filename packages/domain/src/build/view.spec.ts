import type { DomainEvent } from "../event.ts";
import { buildDecider } from "./decider.ts";
import type { BuildLive } from "./state.ts";
import { buildView } from "./view.ts";

const time = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const requested: DomainEvent = {
  type: "BuildRequested",
  data: {
    build: {
      metadata: {
        name: "web-1",
        namespace: "demo",
        uid: "u1",
        ownerReferences: [{ kind: "BuildConfig", name: "web", uid: "c1", controller: true }],
      },
      spec: {},
    },
  },
};
const running: DomainEvent[] = [
  requested,
  { type: "BuildStarted", data: { uid: "u1", builder: "b1", at: time(0) } },
  { type: "BuildStageStarted", data: { uid: "u1", stage: "FetchInputs", at: time(1) } },
  { type: "BuildStageStarted", data: { uid: "u1", stage: "Build", at: time(3) } },
];
const viewAfter = (events: DomainEvent[], now?: string) =>
  buildView(events.reduce(buildDecider.evolve, buildDecider.initial) as BuildLive, now === undefined ? {} : { now });

describe("buildView", () => {
  it("shows a build that waits as New, with the config that it is of", () => {
    expect(viewAfter([requested]).status).toEqual({
      phase: "New",
      config: { kind: "BuildConfig", namespace: "demo", name: "web" },
    });
  });

  it("lets what runs last until now", () => {
    expect(viewAfter(running, time(8)).status).toMatchObject({
      phase: "Running",
      durationMs: 8_000,
      stages: [
        { name: "FetchInputs", durationMilliseconds: 2_000 },
        { name: "Build", durationMilliseconds: 5_000 },
      ],
    });
  });

  it("shows what came of it, and the commit that it was made from", () => {
    const revision = { git: { commit: "abc" } };
    const view = viewAfter(
      [
        ...running,
        { type: "BuildSourceFetched", data: { uid: "u1", revision } },
        {
          type: "BuildSucceeded",
          data: { uid: "u1", dockerImageReference: "r/demo/web:latest", imageDigest: "sha256:1", at: time(9) },
        },
      ],
      time(100),
    );
    expect(view.spec?.revision).toEqual(revision);
    expect(view.status).toMatchObject({
      phase: "Complete",
      durationMs: 9_000,
      completionTimestamp: time(9),
      outputDockerImageReference: "r/demo/web:latest",
      output: { to: { imageDigest: "sha256:1" } },
    });
    expect(view.status?.logSnippet).toBeUndefined();
  });

  it.each([
    ["AssembleFailed", "Failed"],
    ["BuildPodDeleted", "Error"],
  ])("shows a build that failed by %s as %s, with its last lines", (reason, phase) => {
    const failed: DomainEvent = {
      type: "BuildFailed",
      data: { uid: "u1", reason, message: "why", logSnippet: "last", at: time(9) },
    };
    expect(viewAfter([...running, failed]).status).toMatchObject({ phase, reason, message: "why", logSnippet: "last" });
  });

  it("shows that it is being cancelled, and that it was", () => {
    const asked: DomainEvent = { type: "BuildCancelRequested", data: { uid: "u1" } };
    expect(viewAfter([...running, asked]).status).toMatchObject({ phase: "Running", cancelled: true });
    const cancelled: DomainEvent = { type: "BuildCancelled", data: { uid: "u1", at: time(5) } };
    expect(viewAfter([...running, asked, cancelled]).status).toMatchObject({
      phase: "Cancelled",
      reason: "CancelledBuild",
    });
  });
});
