import { join } from "node:path";
import type { BuildSpecJson } from "@slipway/proto";
import { type MemoryPlatform, memoryPlatform } from "@slipway/testkit";
import { BuildWorld } from "../testing/build-world.ts";
import { busyboxRootfs, S2I_LABELS } from "../testing/builder-image.ts";
import { type TestRepository, testRepository } from "../testing/test-repository.ts";

// A build by the engine takes seconds, more where the engine has other work.
const SLOW_MS = 120_000;

describe("source-to-image on a real engine", () => {
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

  const spec = (over: Partial<BuildSpecJson> = {}, strategy: object = {}): BuildSpecJson => ({
    source: { git: { uri: repository.url } },
    strategy: { sourceStrategy: { from: { kind: "DockerImage", name: world.builderImage }, ...strategy } },
    output: { to: { kind: "ImageStreamTag", name: "web:latest" } },
    ...over,
  });
  const build = async (over: Partial<BuildSpecJson> = {}, strategy: object = {}) =>
    world.ended(await world.request(spec(over, strategy)));

  it(
    "makes an image, pushes it, tags the stream and ends the build in one step of the log",
    async () => {
      const commit = repository.commit({
        message: "hello",
        "notes.md": "not for the image",
        ".s2iignore": "*.md\n",
        ".s2i/environment": "FROM_FILE=file\nFROM_BOTH=file\n",
        hook: 'mkdir -p /tmp/.s2i; echo \'{"labels":[{"written":"by assemble"}]}\' > /tmp/.s2i/image_metadata.json\n',
      });
      const env = [{ name: "FROM_BOTH", value: "config" }];
      const output = {
        to: { kind: "ImageStreamTag", name: "web:latest" },
        imageLabels: [{ name: "team", value: "a" }],
      };
      const ended = await build({ output }, { env });
      expect(ended.failure).toBeUndefined();
      expect(ended.types).toEqual([
        "BuildRequested",
        "BuildStarted",
        "BuildStageStarted",
        "BuildSourceFetched",
        "BuildStageStarted",
        "BuildStageStarted",
        "BuildStageStarted",
        "BuildSucceeded",
      ]);
      expect(ended.stages.map(({ name }) => name)).toEqual(["FetchInputs", "PullImages", "Build", "PushImage"]);
      expect(ended.revision?.git).toMatchObject({
        commit,
        author: "Jo <jo@example.com>",
        message: "Change the application",
      });
      for (const line of [
        `Cloning "${repository.url}" ...`,
        `\tCommit:\t${commit} (Change the application)`,
        "---> Installing application source ...",
        "Pushing image",
      ]) {
        expect(ended.output).toContain(line);
      }

      const digest = ended.image?.digest ?? "";
      expect(await world.registry.manifest("demo/web", "latest")).toEqual({ status: 200, digest });
      const tag = (await world.imageStream()).tags.latest?.[0];
      expect(tag).toMatchObject({ image: digest, dockerImageReference: `${world.registry.host}/demo/web@${digest}` });

      const image = await world.engine.images.inspect(`${world.registry.host}/demo/web:latest`);
      expect(image.cmd).toEqual(["/usr/libexec/s2i/run"]);
      expect(image.entrypoint).toEqual(["/bin/env"]);
      expect(image.user).toBe("1001");
      expect(image.labels).toMatchObject({
        "io.openshift.build.commit.id": commit,
        "io.openshift.s2i.build.image": world.builderImage,
        "io.openshift.s2i.scripts-url": "image:///usr/libexec/s2i",
        "io.k8s.description": "Tests",
        team: "a",
        written: "by assemble",
        "slipway.role": "",
        "slipway.instance": "",
      });
      const printed = await world.run(`${world.registry.host}/demo/web:latest`);
      expect(printed).toContain("message: hello");
      expect(printed).toContain("uid=1001");
      expect(printed).toContain("FROM_FILE=file\n");
      expect(printed).toContain("FROM_BOTH=config\n");
      expect(printed).toContain(`OPENSHIFT_BUILD_COMMIT=${commit}`);
      const listed = await world.run(`${world.registry.host}/demo/web:latest`, ["ls", "-a", "/opt/app"]);
      expect(listed).not.toContain("notes.md");
      expect(listed).not.toContain(".git\n");
    },
    SLOW_MS,
  );

  it(
    "uses again what the previous image saved, in at most half the time",
    async () => {
      repository.commit({ message: "one" });
      const first = await build();
      repository.commit({ message: "two" });
      const second = await build({}, { incremental: true });
      expect(first.output).toContain("---> Installing dependencies ...");
      expect(second.output).toContain("---> Restoring build artifacts ...");
      expect(second.durationMs).toBeLessThanOrEqual(first.durationMs / 2);
      expect(await world.run(`${world.registry.host}/demo/web:latest`)).toContain("message: two");
    },
    SLOW_MS,
  );

  it(
    "builds clean with a warning when nothing can be used again",
    async () => {
      const output = { to: { kind: "ImageStreamTag", name: "web:never" } };
      const ended = await build({ output }, { incremental: true });
      expect(ended.phase).toBe("complete");
      expect(ended.output).toContain(
        "WARNING: clean build, nothing of the previous one is used: there is no previous image.",
      );
    },
    SLOW_MS,
  );

  it(
    "fails with assemble's exit code and its last lines",
    async () => {
      repository.commit({ hook: "echo cannot find module; exit 7\n" });
      const ended = await build();
      expect(ended).toMatchObject({ phase: "failed", failure: { reason: "AssembleFailed" } });
      expect(ended.failure?.message).toContain("exit code 7");
      expect(ended.logSnippet).toContain("cannot find module");
      expect(ended.types.filter((type) => /Failed|Succeeded|Cancelled/.test(type))).toEqual(["BuildFailed"]);
    },
    SLOW_MS,
  );

  it(
    "takes the source's own scripts, and runs the image with them",
    async () => {
      repository.commit({
        message: "mine",
        ".s2i/bin/assemble": "#!/bin/sh\necho my own assemble; ls /tmp/src/.s2i/bin; cp -R /tmp/src/. /opt/app/\n",
        ".s2i/bin/run": "#!/bin/sh\necho my own run\n",
      });
      const ended = await build();
      expect(ended.failure).toBeUndefined();
      expect(ended.output).toContain("my own assemble");
      const image = await world.engine.images.inspect(`${world.registry.host}/demo/web:latest`);
      expect(image.cmd).toEqual(["/tmp/scripts/run"]);
      expect(await world.run(`${world.registry.host}/demo/web:latest`)).toContain("my own run");
    },
    SLOW_MS,
  );

  it(
    "hands in settings and the CA bundle at assemble only, without a trace in the image",
    async () => {
      await world.stopBuilder();
      await world.startBuilder({
        buildEnv: { MIRROR: "http://joe:hunter22@mirror/'x'" },
        caBundle: "/etc/ssl/certs/ca-certificates.crt",
      });
      repository.commit({
        message: "x",
        hook: 'echo "mirror $MIRROR cert $NODE_EXTRA_CA_CERTS"; grep -c BEGIN $SSL_CERT_FILE\n',
      });
      const ended = await build();
      expect(ended.failure).toBeUndefined();
      expect(ended.output).toContain("mirror http://***@mirror/'x' cert /dev/slipway-build/ca-bundle.crt");
      const image = await world.engine.images.inspect(`${world.registry.host}/demo/web:latest`);
      expect(Object.keys(image.env).join()).not.toMatch(/MIRROR|CERT/);
      const devices = await world.run(`${world.registry.host}/demo/web:latest`, ["ls", "/dev"]);
      expect(devices).not.toContain("slipway");
    },
    SLOW_MS,
  );

  it(
    "adds the source as a layer where the builder has no shell that could unpack it",
    async () => {
      const name = `${world.instance}:noshell`;
      await world.engine.images.importRootfs(busyboxRootfs({ shell: "ash" }), name, { changes: S2I_LABELS });
      repository.commit({ message: "layered" });
      const ended = await build({}, { from: { kind: "DockerImage", name } });
      expect(ended.failure).toBeUndefined();
      expect(ended.output).toContain("has no shell: the source is added as a layer");
      expect(await world.run(`${world.registry.host}/demo/web:latest`)).toContain("message: layered");
    },
    SLOW_MS,
  );

  it(
    "says which script a builder image lacks",
    async () => {
      const plain = await build({}, { from: { kind: "DockerImage", name: world.plainImage } });
      expect(plain.failure).toMatchObject({ reason: "InstallScriptsFailed" });
      expect(plain.failure?.message).toContain('"assemble"');
      const name = `${world.instance}:empty`;
      await world.engine.images.importRootfs(busyboxRootfs({ scripts: false }), name, { changes: S2I_LABELS });
      const empty = await build({}, { from: { kind: "DockerImage", name } });
      expect(empty.failure?.message).toContain("/usr/libexec/s2i/assemble");
    },
    SLOW_MS,
  );

  it(
    "says when the builder image cannot be had",
    async () => {
      const missing = await build({}, { from: { kind: "DockerImage", name: `${world.registry.host}/none/such:1` } });
      expect(missing.failure).toEqual({
        reason: "PullBuilderImageFailed",
        message: `The image "${world.registry.host}/none/such:1" could not be pulled: it does not exist there.`,
      });
      const untagged = await build({}, { from: { kind: "ImageStreamTag", name: "web:v9" } });
      expect(untagged.failure?.reason).toBe("InvalidImageReference");
    },
    SLOW_MS,
  );

  it(
    "starts from the image of a stream's tag",
    async () => {
      repository.commit({ message: "second stage" });
      const ended = await build({}, { from: { kind: "ImageStreamTag", name: "web:latest" }, forcePull: true });
      expect(ended.failure).toBeUndefined();
      expect(ended.output).toMatch(/Using 127\.0\.0\.1:\d+\/demo\/web@sha256:[0-9a-f]{64} as the s2i builder image/);
    },
    SLOW_MS,
  );

  it(
    "tells a build that used too much memory",
    async () => {
      repository.commit({ hook: "cat /dev/zero | grep -c x\n" });
      const ended = await build({ resources: { limits: { memory: "24Mi" } } });
      expect(ended.failure?.reason).toBe("OutOfMemoryKilled");
    },
    SLOW_MS,
  );
});
