import type { BuildConfigJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { buildConfigDecider } from "./decider.ts";
import type { BuildConfigEvent } from "./events.ts";
import { buildConfigView } from "./view.ts";

const configs = DeciderSpecification.for(buildConfigDecider);
const config = (uid: string): BuildConfigJson => ({
  kind: "BuildConfig",
  metadata: { name: "web", uid, generation: 1 },
  spec: {},
});
const created = (uid: string): BuildConfigEvent => ({ type: "BuildConfigCreated", data: { buildConfig: config(uid) } });
const built = (number: number): BuildConfigEvent => ({
  type: "BuildConfigInstantiated",
  data: { number, build: `web-${number}` },
});
const build = (number: number, name = `web-${number}`) =>
  ({ type: "InstantiateBuildConfig", number, build: name }) as const;

describe("the numbers of a config's builds", () => {
  it("are used once", () => {
    configs
      .given([created("u1")])
      .when(build(1))
      .then([built(1)]);
    configs
      .given([created("u1"), built(1)])
      .when(build(1))
      .thenNothingHappened();
    configs
      .given([created("u1"), built(1), built(2)])
      .when(build(1))
      .thenRefused("FailedPrecondition", "take 3");
    configs
      .given([created("u1"), built(1)])
      .when(build(1, "other"))
      .thenRefused("FailedPrecondition");
  });

  it("go on when the config is removed and made again", () => {
    const again = configs.given([
      created("u1"),
      built(1),
      { type: "BuildConfigDeleted", data: { uid: "u1" } },
      created("u2"),
    ]);
    again.when(build(1)).thenRefused("FailedPrecondition");
    again.when(build(2)).then([built(2)]);
    again.thenState({ status: "live", object: config("u2"), lastVersion: 1 });
  });

  it("are not given out by a config that is not there", () => {
    configs.when(build(1)).thenRefused("NotFound");
  });

  it("are shown as the last version", () => {
    expect(buildConfigView({ status: "live", object: config("u1"), lastVersion: 4 }).status).toEqual({
      lastVersion: 4,
    });
  });
});
