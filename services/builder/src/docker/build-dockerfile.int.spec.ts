import { join } from "node:path";
import type { BuildSpecJson } from "@slipway/proto";
import { type MemoryPlatform, memoryPlatform } from "@slipway/testkit";
import { BuildWorld } from "../testing/build-world.ts";
import { type TestRepository, testRepository } from "../testing/test-repository.ts";

// A build by the engine takes seconds, more where the engine has other work.
const SLOW_MS = 120_000;

describe("Dockerfile builds on a real engine", () => {
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
  afterEach(async () => {
    expect(await world.leftovers()).toEqual({ containers: 0, folders: [] });
  }, SLOW_MS);

  const build = async (strategy: object = {}, over: Partial<BuildSpecJson> = {}) =>
    world.ended(
      await world.request({
        source: { git: { uri: repository.url } },
        strategy: { dockerStrategy: strategy },
        output: { to: { kind: "ImageStreamTag", name: "web:docker" } },
        ...over,
      }),
    );
  const result = () => `${world.registry.host}/demo/web:docker`;

  it(
    "builds, pushes and tags",
    async () => {
      const commit = repository.commit({
        "app/Dockerfile": `FROM ${world.plainImage}\nARG GREETING\nRUN echo "$GREETING $FROM_CONFIG" > /greeting\nCOPY . /app\nCMD ["cat", "/greeting"]\n`,
        "app/kept": "x",
        "app/left-out": "x",
        "app/.dockerignore": "left-*\n",
      });
      const ended = await build(
        { buildArgs: [{ name: "GREETING", value: "hello" }], env: [{ name: "FROM_CONFIG", value: "world" }] },
        { source: { git: { uri: repository.url }, contextDir: "app" } },
      );
      expect(ended.failure).toBeUndefined();
      expect(ended.output).toContain("Step 1/");
      expect(await world.registry.manifest("demo/web", "docker")).toEqual({ status: 200, digest: ended.image?.digest });
      expect((await world.imageStream()).tags.docker?.[0]?.image).toBe(ended.image?.digest);
      expect(await world.run(result())).toBe("hello world");
      const files = await world.run(result(), ["ls", "/app"]);
      expect(files).toContain("kept");
      expect(files).not.toContain("left-out");
      const image = await world.engine.images.inspect(result());
      expect(image.env).toMatchObject({ FROM_CONFIG: "world", OPENSHIFT_BUILD_COMMIT: commit });
      expect(image.labels).toMatchObject({
        "io.openshift.build.commit.id": commit,
        "io.openshift.build.source-context-dir": "app",
      });
    },
    SLOW_MS,
  );

  it(
    "takes an inline Dockerfile in place of the source's, also without git, and another image for the last FROM",
    async () => {
      const dockerfile = 'FROM no.such.registry.invalid/image\nCMD ["echo", "inline"]\n';
      const ended = await build({ from: { kind: "DockerImage", name: world.plainImage } }, { source: { dockerfile } });
      expect(ended.failure).toBeUndefined();
      expect(await world.run(result())).toBe("inline");
    },
    SLOW_MS,
  );

  it(
    "hands in settings and the CA bundle without setting them in the image",
    async () => {
      await world.stopBuilder();
      await world.startBuilder({
        buildEnv: { npm_config_registry: "http://mirror/" },
        caBundle: "/etc/ssl/certs/ca-certificates.crt",
      });
      repository.commit({
        Dockerfile: `FROM ${world.plainImage}\nRUN echo "$npm_config_registry $(grep -c BEGIN $SSL_CERT_FILE)" > /seen\nCOPY . /app\nCMD ["cat", "/seen"]\n`,
      });
      const ended = await build();
      expect(ended.failure).toBeUndefined();
      expect(await world.run(result())).toMatch(/^http:\/\/mirror\/ [1-9]\d*$/);
      const image = await world.engine.images.inspect(result());
      expect(Object.keys(image.env).join()).not.toMatch(/npm|CERT/);
      expect(await world.run(result(), ["ls", "-a", "/app"])).toBe(".\n..\nDockerfile");
      await world.stopBuilder();
      await world.startBuilder();
    },
    SLOW_MS,
  );

  it(
    "fails with the command that failed and its last lines",
    async () => {
      repository.commit({ Dockerfile: `FROM ${world.plainImage}\nRUN echo going wrong; exit 5\n` });
      const ended = await build();
      expect(ended.failure?.reason).toBe("DockerBuildFailed");
      expect(ended.failure?.message).toContain("5");
      expect(ended.logSnippet).toContain("going wrong");
    },
    SLOW_MS,
  );

  it(
    "says where it looked for the Dockerfile",
    async () => {
      repository.commit({ other: "x" });
      const ended = await build({ dockerfilePath: "deploy/Dockerfile" });
      expect(ended.failure?.reason).toBe("ManageDockerfileFailed");
      expect(ended.failure?.message).toContain('There is no Dockerfile at "deploy/Dockerfile"');
      expect(ended.stages.map(({ name }) => name)).toEqual(["FetchInputs"]);
    },
    SLOW_MS,
  );

  it(
    "refuses a Dockerfile that is none",
    async () => {
      repository.commit({ Dockerfile: `FROM ${world.plainImage}\nFETCH x\n` });
      expect((await build()).failure?.reason).toBe("ManageDockerfileFailed");
      repository.commit({ Dockerfile: "RUN x\n" });
      expect((await build()).failure?.message).toContain("has no FROM");
    },
    SLOW_MS,
  );

  it(
    "says when the image of a FROM cannot be had",
    async () => {
      repository.commit({ Dockerfile: `FROM ${world.registry.host}/none/such:1\n` });
      expect((await build()).failure?.reason).toBe("PullBuilderImageFailed");
      expect((await build({ forcePull: true })).failure?.reason).toBe("PullBuilderImageFailed");
    },
    SLOW_MS,
  );

  it(
    "uses the engine's cache the second time",
    async () => {
      repository.commit({
        Dockerfile: `FROM ${world.plainImage}\nRUN sleep 2\nCOPY message /message\n`,
        message: "one",
      });
      const first = await build();
      repository.commit({
        Dockerfile: `FROM ${world.plainImage}\nRUN sleep 2\nCOPY message /message\n`,
        message: "two",
      });
      const second = await build();
      const third = await build({ noCache: true });
      expect(first.durationMs).toBeGreaterThanOrEqual(2_000);
      expect(second.output).toContain("Using cache");
      expect(second.durationMs).toBeLessThan(first.durationMs);
      expect(third.durationMs).toBeGreaterThanOrEqual(2_000);
    },
    SLOW_MS,
  );
});
