import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BuildSpecJson } from "@slipway/proto";
import { eventually, type MemoryPlatform, memoryPlatform } from "@slipway/testkit";
import { BuildWorld } from "./testing/build-world.ts";
import { type TestRepository, testRepository } from "./testing/test-repository.ts";

// A build by the engine takes seconds, more where the engine has other work.
const SLOW_MS = 120_000;

describe("the life of a build", () => {
  let platform: MemoryPlatform;
  let world: BuildWorld;
  let repository: TestRepository;

  beforeAll(async () => {
    platform = await memoryPlatform();
    world = new BuildWorld(platform);
    await world.setUp();
    await world.startBuilder();
    repository = testRepository(join(world.folder, "app"));
  }, SLOW_MS);
  afterAll(async () => {
    await world.tearDown();
    await platform.stop();
  }, SLOW_MS);

  const spec = (over: Partial<BuildSpecJson> = {}): BuildSpecJson => ({
    source: { git: { uri: repository.url } },
    strategy: { sourceStrategy: { from: { kind: "DockerImage", name: world.builderImage } } },
    output: { to: { kind: "ImageStreamTag", name: "web:latest" } },
    ...over,
  });
  const clean = { containers: 0, folders: [] };
  const endings = (types: readonly string[]) =>
    types.filter((type) => /^Build(Failed|Succeeded|Cancelled)$/.test(type));

  it(
    "stops a build that is cancelled in the middle of assemble",
    async () => {
      repository.commit({ hook: "echo waiting; sleep 600\n" });
      const name = await world.request(spec());
      await world.untilOutput(name, "waiting");
      await world.cancel(name);
      const ended = await world.ended(name, 10_000);
      expect(ended.phase).toBe("cancelled");
      expect(endings(ended.types)).toEqual(["BuildCancelled"]);
      expect(ended.output).toContain("The build was cancelled.");
      expect(await world.leftovers()).toEqual(clean);
    },
    SLOW_MS,
  );

  it(
    "stops a Dockerfile build that is cancelled in the middle of a step",
    async () => {
      const dockerfile = `FROM ${world.plainImage}\nRUN echo waiting; sleep 601\n`;
      const name = await world.request({ source: { dockerfile }, strategy: { dockerStrategy: {} } });
      await world.untilOutput(name, "waiting");
      await world.cancel(name);
      expect((await world.ended(name, 10_000)).phase).toBe("cancelled");
      await eventually(() => (sleeps(601) === 0 ? true : undefined), 15_000);
    },
    SLOW_MS,
  );

  it(
    "fails a build that takes longer than its limit",
    async () => {
      repository.commit({ hook: "sleep 602\n" });
      const name = await world.request(spec({ completionDeadlineSeconds: 5 }));
      const ended = await world.ended(name, 20_000);
      expect(ended.failure).toEqual({
        reason: "DeadlineExceeded",
        message: "The build did not end within its limit of 5 seconds (spec.completionDeadlineSeconds).",
      });
      expect(ended.durationMs).toBeLessThan(9_000);
      expect(await world.leftovers()).toEqual(clean);
    },
    SLOW_MS,
  );

  it(
    "leaves nothing of a build that is deleted while it runs",
    async () => {
      repository.commit({ hook: "echo waiting; sleep 603\n" });
      const name = await world.request(spec());
      await world.untilOutput(name, "waiting");
      await world.delete(name);
      await eventually(async () => ((await world.leftovers()).containers === 0 ? true : undefined), 10_000);
      await eventually(async () => ((await world.leftovers()).folders.length === 0 ? true : undefined), 10_000);
    },
    SLOW_MS,
  );

  it(
    "says what is wrong with the source",
    async () => {
      repository.commit({ file: "x" });
      const source = (git: object, contextDir?: string) =>
        spec({ source: { git: { uri: repository.url, ...git }, ...(contextDir && { contextDir }) } });
      const failure = async (build: BuildSpecJson) => (await world.ended(await world.request(build))).failure;
      expect(await failure(source({ uri: `file://${world.folder}/none` }))).toMatchObject({
        reason: "FetchSourceFailed",
        message: expect.stringContaining("There is no git repository"),
      });
      expect(await failure(source({ ref: "nope" }))).toMatchObject({
        reason: "FetchSourceFailed",
        message: expect.stringContaining('The ref "nope" was not found'),
      });
      expect(await failure(source({}, "nowhere"))).toMatchObject({
        reason: "InvalidContextDirectory",
        message: expect.stringContaining('"nowhere" does not exist'),
      });
      expect(await failure(source({}, "../.."))).toMatchObject({
        reason: "InvalidContextDirectory",
        message: expect.stringContaining("leads out"),
      });
      expect(await failure(source({ uri: "https://joe:hunter22@127.0.0.1:1/x.git" }))).toMatchObject({
        reason: "FetchSourceFailed",
        message: 'The host of the repository "https://***@127.0.0.1:1/x.git" cannot be reached.',
      });
    },
    SLOW_MS,
  );

  it(
    "says where an image cannot go",
    async () => {
      repository.commit({ message: "x" });
      const to = (output: object) => spec({ output: { to: output } });
      const missing = await world.ended(await world.request(to({ kind: "ImageStreamTag", name: "none:latest" })));
      expect(missing.failure).toMatchObject({
        reason: "InvalidOutputReference",
        message: expect.stringContaining('"none"'),
      });
      const refused = await world.ended(await world.request(to({ kind: "DockerImage", name: "127.0.0.1:1/a/b:c" })));
      expect(refused.failure?.reason).toBe("PushImageToRegistryFailed");
      await world.stopBuilder();
      await world.startBuilder({ registry: { ...world.registry, password: "wrong" } });
      const locked = await world.ended(await world.request(spec()));
      expect(locked.failure).toMatchObject({
        reason: "PushImageToRegistryFailed",
        message: expect.stringContaining("refuses the credentials"),
      });
      await world.stopBuilder();
      await world.startBuilder();
    },
    SLOW_MS,
  );

  it(
    "pushes nothing without an output",
    async () => {
      const name = await world.request({ source: spec().source ?? {}, strategy: spec().strategy ?? {} });
      const ended = await world.ended(name);
      expect(ended).toMatchObject({ phase: "complete", image: { reference: "", digest: "" } });
      expect(ended.output).toContain("no image push requested");
    },
    SLOW_MS,
  );

  it(
    "runs builds of one config one after the other, and two configs side by side",
    async () => {
      repository.commit({ message: "x", hook: "sleep 1\n" });
      const names = [
        await world.request(spec(), { config: "serial", number: 1 }),
        await world.request(spec(), { config: "serial", number: 2 }),
        await world.request(spec({ output: { to: { kind: "ImageStreamTag", name: "web:other" } } }), {
          config: "beside",
        }),
      ];
      const [first, second, beside] = await Promise.all(names.map((name) => world.ended(name)));
      expect([first?.phase, second?.phase, beside?.phase]).toEqual(["complete", "complete", "complete"]);
      expect(Date.parse(second?.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(first?.finishedAt ?? ""));
      expect(Date.parse(beside?.startedAt ?? "")).toBeLessThan(Date.parse(first?.finishedAt ?? ""));
    },
    SLOW_MS,
  );

  it(
    "takes a build again after a restart, once",
    async () => {
      repository.commit({ hook: "echo waiting; sleep 604\n" });
      const name = await world.request(spec());
      await world.untilOutput(name, "waiting");
      await world.stopBuilder();
      expect(await world.leftovers()).toEqual(clean);
      repository.commit({ message: "quick" });
      await world.startBuilder();
      const ended = await world.ended(name);
      expect(ended.phase).toBe("complete");
      expect(ended.types.filter((type) => type === "BuildStarted")).toHaveLength(2);
      expect(ended.output).toContain("The builder was restarted: the build begins again.");

      const twice = await world.request(spec());
      await world.stopBuilder();
      const { state } = await world.until(twice, () => true);
      const uid = state.object.metadata?.uid ?? "";
      if (state.phase === "new") await world.append(twice, { type: "BuildStarted", data: { uid, builder: "spec/a" } });
      await world.append(twice, { type: "BuildStarted", data: { uid, builder: "spec/b" } });
      await world.startBuilder();
      expect((await world.ended(twice)).failure?.reason).toBe("BuildPodDeleted");
    },
    SLOW_MS,
  );

  it(
    "removes the containers of a builder that died",
    async () => {
      await world.stopBuilder();
      const labels = { "slipway.instance": world.instance, "slipway.role": "build", "slipway.build": "demo/dead-1" };
      await world.engine.containers.create({ image: world.plainImage, command: ["sleep", "1"], labels });
      mkdirSync(join(world.stateDir, "builds", "dead"), { recursive: true });
      await world.startBuilder();
      await eventually(async () => ((await world.leftovers()).containers === 0 ? true : undefined));
      await eventually(async () => ((await world.leftovers()).folders.length === 0 ? true : undefined));
    },
    SLOW_MS,
  );

  it(
    "says when the disk is full, and goes on when it is not",
    async () => {
      const small = join(world.folder, "small");
      mkdirSync(small);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small]);
      try {
        await world.stopBuilder();
        await world.startBuilder({ stateDir: small });
        repository.commit({ big: Array.from({ length: 60_000 }, () => Math.random().toString(36)).join("\n") });
        const full = await world.ended(await world.request(spec()));
        expect(full.failure).toMatchObject({ reason: "DiskFull" });
        repository.commit({ message: "small again" });
        expect((await world.ended(await world.request(spec()))).phase).toBe("complete");
      } finally {
        await world.stopBuilder();
        execFileSync("umount", ["-l", small]);
        await world.startBuilder();
      }
    },
    SLOW_MS,
  );

  it(
    "fails a source that is larger than is allowed, and a fetch that takes too long",
    async () => {
      await world.stopBuilder();
      await world.startBuilder({ maxSourceBytes: 1_048_576 });
      repository.commit({ big: "x".repeat(2_000_000) });
      const large = await world.ended(await world.request(spec()));
      expect(large.failure?.message).toContain("larger than the 1 MiB that a build may fetch");
      await world.stopBuilder();
      await world.startBuilder({ fetchTimeoutMs: 1_000, allowFileSources: false });
      const refused = await world.ended(await world.request(spec()));
      expect(refused.failure?.message).toBe("Repositories by file:// are switched off on this platform.");
      const server = (await import("node:net")).createServer(() => {}).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const slow = await world.ended(
        await world.request(spec({ source: { git: { uri: `http://127.0.0.1:${port}/x.git` } } })),
      );
      server.close();
      expect(slow.failure?.message).toBe("The source could not be fetched within 1 seconds.");
    },
    SLOW_MS,
  );
});

const sleeps = (seconds: number): number => {
  try {
    return execFileSync("pgrep", ["-f", `^sleep ${seconds}$`], { encoding: "utf8" })
      .trim()
      .split("\n").length;
  } catch {
    return 0;
  }
};
