import { type ApiObject, isReady } from "../harness/api.ts";
import { type GitRepository, makeGitRepository } from "../harness/git-repository.ts";
import { measured } from "../harness/measured.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { until } from "../harness/until.ts";

const PROJECT = "builds";

const BUILD_MS = 90_000;

const SOURCE = { type: "Source", sourceStrategy: { from: { kind: "DockerImage", name: "slipway/static:latest" } } };
const DOCKER = { type: "Docker", dockerStrategy: {} };

interface Wish {
  readonly name: string;
  readonly uri: string;
  readonly strategy: object;
  readonly ref?: string;
  readonly contextDir?: string;
}

/** The name of the build that `start-build` says it has started. */
const startedBuild = (said: string): string => /^build\/(\S+) started$/m.exec(said)?.[1] ?? "";

/** Source becomes images, or a reason that its owner understands. */
export const buildsStory = (platform: () => TestPlatform): void => {
  let site: GitRepository;
  let broken: GitRepository;

  const makeBuildConfig = ({ name, uri, strategy, ref, contextDir }: Wish) =>
    platform().api.apply(PROJECT, {
      apiVersion: "v1",
      kind: "List",
      items: [
        { apiVersion: "image.openshift.io/v1", kind: "ImageStream", metadata: { name } },
        {
          apiVersion: "build.openshift.io/v1",
          kind: "BuildConfig",
          metadata: { name },
          spec: {
            source: { type: "Git", git: { uri, ...(ref && { ref }) }, ...(contextDir && { contextDir }) },
            strategy,
            output: { to: { kind: "ImageStreamTag", name: `${name}:latest` } },
          },
        },
      ],
    });
  const slipway = (...args: string[]) => platform().slipway([...args, "-n", PROJECT], { timeoutMs: BUILD_MS });
  const build = async (name: string): Promise<ApiObject> => {
    const found = await platform().api.get("builds", PROJECT, name);
    if (found === undefined) throw new Error(`There is no build ${name}.`);
    return found;
  };

  /** Builds what must fail; answers how the build ended and what the command line said. */
  const failing = async (wish: Wish) => {
    await makeBuildConfig(wish);
    const { code, stderr } = await slipway("start-build", wish.name, "--follow");
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`build/${wish.name}-`) });
    const { status } = await build(startedBuild(stderr));
    return { phase: status?.phase, reason: status?.reason, log: status?.logSnippet ?? "", stderr };
  };

  beforeAll(async () => {
    await platform().api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name: PROJECT } });
    site = makeGitRepository({ "index.html": "the first page\n", "docs/index.html": "the docs\n" });
    broken = makeGitRepository({
      "index.html": "never seen\n",
      ".s2i/bin/assemble": "#!/bin/sh\necho 'cannot find the flux capacitor'\nexit 3\n",
      "docker/Dockerfile": "FROM slipway/busybox:latest\nRUN echo about to fail && exit 4\n",
    });
  }, 30_000);

  afterAll(async () => {
    site.remove();
    broken.remove();
    await platform().slipway(["project", "delete", PROJECT]);
    await until("the project is gone", async () =>
      (await platform().api.get("projects", "", PROJECT)) === undefined ? true : undefined,
    );
  }, 60_000);

  it(
    "builds a site from source, by start-build, with its log running by and its image tagged by digest",
    async () => {
      await makeBuildConfig({ name: "site", uri: site.url, strategy: SOURCE });
      const started = await slipway("start-build", "site", "--follow");
      measured("source build of a static site", started.ms);
      expect(started.code).toBe(0);
      expect(started.stdout).toContain("---> Installing files");
      expect(await build(startedBuild(started.stderr))).toMatchObject({ status: { phase: "Complete" } });
      const stream = await platform().api.get("imagestreams", PROJECT, "site");
      expect(JSON.stringify(stream?.status)).toMatch(/@sha256:[0-9a-f]{64}/);
      const kept = await slipway("logs", "bc/site");
      expect(kept).toMatchObject({ code: 0, stdout: expect.stringContaining("---> Installing files") });
    },
    BUILD_MS,
  );

  it(
    "builds an image from a Dockerfile, and a pod runs it by its digest",
    async () => {
      const docker = makeGitRepository({
        Dockerfile:
          'FROM slipway/busybox:latest\nARG WORD\nRUN echo made at build time > /made\nCMD ["sh", "-c", "cat /made; sleep 600"]\n',
      });
      try {
        await makeBuildConfig({ name: "made", uri: docker.url, strategy: DOCKER });
        const started = await slipway("start-build", "made", "--follow");
        measured("Dockerfile build", started.ms);
        expect({ code: started.code, stderr: started.stderr }).toEqual({ code: 0, stderr: expect.any(String) });
        const stream = await platform().api.get("imagestreams", PROJECT, "made");
        const [image] = /[^"]+@sha256:[0-9a-f]{64}/.exec(JSON.stringify(stream?.status)) ?? [];
        await platform().api.apply(PROJECT, {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "made" },
          spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "made", image }] },
        });
        await platform().api.untilObject("pods", PROJECT, "made", isReady);
        const logs = await until("the pod has written", async () => {
          const { stdout } = await slipway("logs", "made");
          return stdout === "" ? undefined : stdout;
        });
        expect(logs).toBe("made at build time\n");
      } finally {
        docker.remove();
      }
    },
    BUILD_MS,
  );

  it(
    "makes an application of a repository with new-app, and builds it again after a push",
    async () => {
      const created = await slipway("new-app", site.url, "--name=pages");
      measured("new-app of a static site, until its URL answers", created.ms);
      expect({ code: created.code, stderr: created.stderr }).toEqual({ code: 0, stderr: expect.any(String) });
      expect(created.stdout).toContain("http://pages-builds.apps.localhost:");
      const page = () => platform().edge("pages-builds.apps.localhost");
      expect(await page()).toEqual({ status: 200, body: "the first page\n" });
      const again = await slipway("new-app", site.url, "--name=pages");
      expect({ code: again.code, stderr: again.stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining("start-build"),
      });
      const commit = site.commit({ "index.html": "the second page\n" });
      const next = await slipway("start-build", "pages", "--wait");
      expect(next.code).toBe(0);
      expect(JSON.stringify((await build(startedBuild(next.stdout))).spec)).toContain(commit);
    },
    BUILD_MS,
  );

  it(
    "says AssembleFailed, with the assemble script's last words, when assemble fails",
    async () => {
      const ended = await failing({ name: "broken", uri: broken.url, strategy: SOURCE });
      expect(ended).toMatchObject({ phase: "Failed", reason: "AssembleFailed" });
      expect(ended.log).toContain("cannot find the flux capacitor");
      expect(ended.stderr).toContain("AssembleFailed");
    },
    BUILD_MS,
  );

  it(
    "says DockerBuildFailed, with the step's last words, when a step of the Dockerfile fails",
    async () => {
      const ended = await failing({ name: "step", uri: broken.url, strategy: DOCKER, contextDir: "docker" });
      expect(ended).toMatchObject({ phase: "Failed", reason: "DockerBuildFailed" });
      expect(ended.log).toContain("about to fail");
    },
    BUILD_MS,
  );

  it(
    "says FetchSourceFailed when there is no such repository, host or ref",
    async () => {
      const nowhere = await failing({ name: "nowhere", uri: "file:///tmp/no-such-repository", strategy: SOURCE });
      expect(nowhere).toMatchObject({ phase: "Failed", reason: "FetchSourceFailed" });
      const host = await failing({ name: "host", uri: "https://127.0.0.1:9/team/shop.git", strategy: SOURCE });
      expect(host).toMatchObject({ phase: "Failed", reason: "FetchSourceFailed" });
      const ref = await failing({ name: "ref", uri: site.url, strategy: SOURCE, ref: "no-such-branch" });
      expect(ref).toMatchObject({
        phase: "Failed",
        reason: "FetchSourceFailed",
        stderr: expect.stringContaining("no-such-branch"),
      });
    },
    BUILD_MS,
  );

  it(
    "says InvalidContextDirectory and ManageDockerfileFailed for what the repository does not have",
    async () => {
      const folder = await failing({ name: "folder", uri: site.url, strategy: SOURCE, contextDir: "no-such-folder" });
      expect(folder).toMatchObject({ phase: "Failed", reason: "InvalidContextDirectory" });
      const file = await failing({ name: "dockerfile", uri: site.url, strategy: DOCKER });
      expect(file).toMatchObject({ phase: "Failed", reason: "ManageDockerfileFailed" });
    },
    BUILD_MS,
  );

  it(
    "ends a build that is cancelled, and leaves no container of it",
    async () => {
      const slow = makeGitRepository({
        "index.html": "never\n",
        ".s2i/bin/assemble": "#!/bin/sh\necho assembling for ever\nsleep 600\n",
      });
      try {
        await makeBuildConfig({ name: "slow", uri: slow.url, strategy: SOURCE });
        const started = await slipway("start-build", "slow");
        const name = startedBuild(started.stdout);
        await until("the build writes", async () =>
          (await slipway("logs", `build/${name}`)).stdout.includes("assembling for ever") ? true : undefined,
        );
        expect(await slipway("cancel-build", name)).toMatchObject({ code: 0 });
        await platform().api.untilObject("builds", PROJECT, name, ({ status }) => status?.phase === "Cancelled");
        const { engine, installation } = platform();
        const labels = { "slipway.instance": installation.instance };
        await until("its container is gone", async () => {
          const left = await engine.containers.list({ labels, all: true });
          return left.some(({ labels: own }) => JSON.stringify(own).includes(name)) ? undefined : true;
        });
      } finally {
        slow.remove();
      }
    },
    BUILD_MS,
  );
};
