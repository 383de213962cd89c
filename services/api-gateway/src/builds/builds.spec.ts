import type { LogLine } from "@slipway/bus";
import type { LogChunk } from "@slipway/proto";
import { type GatewayHarness, startGatewayHarness } from "../testing/gateway-harness.ts";
import { buildConfig, project } from "../testing/objects.ts";
import { takeUntil } from "../testing/take.ts";

const at = "2026-01-01T00:00:00Z";
const line = (text: string): LogLine => ({ at, stream: "stdout", text });
const key = { project: "demo", kind: "build", name: "web-1", container: "build", run: "1" };

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project(), buildConfig("web"));
});
afterEach(() => harness.stop());

const start = (more: object = {}) => harness.builds.start({ project: "demo", buildConfig: "web", ...more });
const texts = (chunks: readonly LogChunk[]) => chunks.flatMap(({ lines }) => lines.map(({ text }) => text));

describe("Builds.Start", () => {
  it("makes the next build of a config, owned by it and labelled with it", async () => {
    const head = await harness.log.head();
    const { build, position } = await start();
    expect(build?.metadata).toMatchObject({
      name: "web-1",
      namespace: "demo",
      labels: {
        app: "web",
        buildconfig: "web",
        "openshift.io/build-config.name": "web",
        "openshift.io/build.start-policy": "Serial",
      },
      annotations: { "openshift.io/build-config.name": "web", "openshift.io/build.number": "1" },
      ownerReferences: [{ kind: "BuildConfig", name: "web", controller: true }],
    });
    expect(build?.status?.phase).toBe("New");
    expect(position).toBe(BigInt(head + 2));
    expect((await start()).build?.metadata?.name).toBe("web-2");
    const { resource } = await harness.resources.get({ key: { kind: "bc", project: "demo", name: "web" } });
    expect(resource?.kind.case === "buildConfig" && resource.kind.value.status?.lastVersion).toBe(2);
  });

  it("builds another commit with more variables when told so, and leaves the config as it is", async () => {
    const env = [{ name: "B", value: "2" }];
    const { build } = await start({ commit: "0123abc", env });
    expect(build?.spec?.revision?.git?.commit).toBe("0123abc");
    expect(build?.spec?.strategy?.dockerStrategy?.env).toMatchObject([{ name: "A" }, { name: "B", value: "2" }]);
    expect((await start()).build?.spec?.strategy?.dockerStrategy?.env).toHaveLength(1);
  });

  it("gives every build its own number, however many are started at once", async () => {
    const other = await harness.addGateway({ seed: 2 });
    const starts = Array.from({ length: 8 }, (_, i) =>
      (i % 2 === 0 ? harness : other).builds.start({ project: "demo", buildConfig: "web" }),
    );
    const names = (await Promise.all(starts)).map(({ build }) => build?.metadata?.name);
    expect(new Set(names)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `web-${number}`)));
  });

  it("refuses what cannot be built", async () => {
    await expect(start({ buildConfig: "missing" })).rejects.toMatchObject({ code: "NotFound" });
    await expect(start({ commit: "--upload-pack=touch" })).rejects.toMatchObject({
      code: "Invalid",
      problems: [{ path: "commit" }],
    });
    await expect(start({ env: [{ name: "A B", value: "1" }, { name: "" }] })).rejects.toMatchObject({
      problems: [{ path: "env[0].name" }, { path: "env[1].name" }],
    });
    await harness.resources.delete({ keys: [{ kind: "Project", name: "demo" }] });
    await expect(start()).rejects.toMatchObject({ code: "ProjectTerminating" });
  });
});

describe("Builds.Cancel", () => {
  it("ends a build that nobody has begun, and is content when it has ended", async () => {
    await start();
    const { build } = await harness.builds.cancel({ project: "demo", name: "web-1" });
    expect(build?.status?.phase).toBe("Cancelled");
    const head = await harness.log.head();
    await harness.builds.cancel({ project: "demo", name: "web-1" });
    expect(await harness.log.head()).toBe(head);
    await expect(harness.builds.cancel({ project: "demo", name: "web-9" })).rejects.toMatchObject({ code: "NotFound" });
  });
});

describe("Builds.Logs", () => {
  const read = (more: object = {}) => harness.builds.logs({ project: "demo", name: "web-1", ...more });

  it("gives what is kept, or the last lines of it", async () => {
    await start();
    await harness.bus.logs.publish(key, [line("one"), line("two")]);
    expect(texts(await takeUntil(read(), () => false))).toEqual(["one", "two"]);
    expect(texts(await takeUntil(read({ tailLines: 1 }), () => false))).toEqual(["two"]);
  });

  it("follows from before the first line until the build has ended and its last line was told", async () => {
    const { build } = await start();
    const uid = build?.metadata?.uid ?? "";
    const following = takeUntil(read({ follow: true }), () => false);
    // Calls of one connection are heard in their order.
    await harness.resources.status({});
    await harness.append("build/demo/web-1", { type: "BuildStarted", data: { uid, builder: "b", at } });
    await harness.bus.logs.publish(key, [line("one")]);
    await harness.bus.logs.publish(key, [line("the last")]);
    await harness.append("build/demo/web-1", {
      type: "BuildFailed",
      data: { uid, reason: "AssembleFailed", message: "no", logSnippet: "", at },
    });
    expect(texts(await following)).toEqual(["one", "the last"]);
    expect(texts(await takeUntil(read({ follow: true }), () => false))).toEqual(["one", "the last"]);
  });

  it("of a build that never was are not there", async () => {
    await expect(takeUntil(read(), () => false)).rejects.toMatchObject({ code: "NotFound" });
  });
});
