import { SlipwayError } from "@slipway/kernel";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { build } from "../testing/objects.ts";
import { runCli } from "../testing/run-cli.ts";

let api: FakeApi | undefined;
afterEach(() => api?.stop());

/** A server whose builds go through these states. */
const serve = async (...states: Parameters<typeof build>[1][]) => {
  api = await startFakeApi({
    resources: {
      watch: async function* ({ name }) {
        for (const [i, status] of states.entries())
          yield { type: "MODIFIED", resource: build(name, status), position: BigInt(i + 1) };
      },
    },
    builds: {
      start: async ({ buildConfig }) => ({ build: { metadata: { name: `${buildConfig}-4` } } }),
      cancel: async () => ({}),
      logs: async function* () {
        yield { container: "build", lines: [{ text: "npm ci" }, { text: "done" }] };
      },
    },
  });
  return api;
};

describe("start-build", () => {
  it("starts a build and says its name", async () => {
    const api = await serve();
    const { code, out } = await runCli(["start-build", "bc/web", "--commit=abc", "-e", "A=b=c", "-e", "EMPTY="], {
      api,
    });
    expect({ code, out }).toEqual({ code: 0, out: "build/web-4 started\n" });
    expect(api.calls).toEqual([
      [
        "builds.start",
        { project: "demo", buildConfig: "web", commit: "abc", env: [{ name: "A", value: "b=c" }, { name: "EMPTY" }] },
      ],
    ]);
  });

  it("shows the log with --follow, nothing else on standard output, and ends with 0 when the build did", async () => {
    const api = await serve({ phase: "Running" }, { phase: "Complete" });
    expect(await runCli(["start-build", "web", "--follow"], { api })).toEqual({
      code: 0,
      out: "npm ci\ndone\n",
      err: "build/web-4 started\n",
    });
    expect(api.calls[1]).toEqual(["builds.logs", { project: "demo", name: "web-4", follow: true }]);
  });

  it("ends with 1, the reason and the last lines when the build failed", async () => {
    const api = await serve(
      { phase: "Running" },
      { phase: "Failed", reason: "AssembleFailed", message: "assemble ended with 1", logSnippet: "npm ERR! 404\n" },
    );
    expect(await runCli(["start-build", "web", "--wait"], { api })).toEqual({
      code: 1,
      out: "build/web-4 started\n",
      err: 'error: Build "web-4" ended as Failed: AssembleFailed: assemble ended with 1.\nnpm ERR! 404\n',
    });
  });

  it("refuses variables that are none, and hands the server's refusal on", async () => {
    api = await startFakeApi({
      builds: {
        start: async () => {
          throw new SlipwayError("NotFound", 'buildconfigs "web" not found');
        },
      },
    });
    expect(await runCli(["start-build", "web", "-e", "=x"], { api })).toMatchObject({ code: 2 });
    expect(await runCli(["start-build", "web"], { api })).toMatchObject({
      code: 1,
      err: 'error: buildconfigs "web" not found\n',
    });
  });
});

describe("cancel-build", () => {
  it("ends a build", async () => {
    const api = await serve();
    expect((await runCli(["cancel-build", "build/web-4"], { api })).out).toBe("build/web-4 cancelled\n");
    expect(api.calls).toEqual([["builds.cancel", { project: "demo", name: "web-4" }]]);
  });
});
