import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { buildConfig, controller, pod } from "../testing/objects.ts";
import { runCli } from "../testing/run-cli.ts";

const at = timestampFromDate(new Date("2026-03-01T12:00:00.123Z"));
const lines = (...texts: string[]) => ({
  container: "web",
  lines: texts.map((text) => ({ text, at, stream: "stdout" })),
});

let api: FakeApi;
let pods = ["web-a", "web-b"];
beforeEach(async () => {
  pods = ["web-a", "web-b"];
  api = await startFakeApi({
    resources: {
      get: async ({ key }) => ({
        resource:
          key?.kind === "rc" ? controller("web") : buildConfig(key?.name ?? "", undefined, key?.name === "web" ? 3 : 0),
      }),
      list: async () => ({ resources: pods.map((name) => pod(name)) }),
    },
    pods: {
      logs: async function* () {
        yield lines("one", "two");
        yield lines("three");
      },
    },
    builds: {
      logs: async function* ({ name }) {
        yield lines(`log of ${name}`);
      },
    },
  });
});
afterEach(() => api.stop());

describe("logs", () => {
  it("prints a pod's lines as they were written", async () => {
    expect(await runCli(["logs", "web-a"], { api })).toEqual({ code: 0, out: "one\ntwo\nthree\n", err: "" });
    expect(api.calls).toEqual([["pods.logs", { project: "demo", name: "web-a" }]]);
  });

  it("hands on what part of the log is wanted", async () => {
    await runCli(["logs", "-f", "pod/web-a", "-c", "web", "--tail=0", "--since=5m", "-p"], { api });
    expect(api.calls[0]?.[1]).toEqual({
      project: "demo",
      name: "web-a",
      container: "web",
      follow: true,
      tailLines: 0,
      sinceSeconds: 300,
      previous: true,
    });
  });

  it("puts each line's moment before it with --timestamps", async () => {
    const { out } = await runCli(["logs", "web-a", "--timestamps"], { api });
    expect(out.split("\n")[0]).toBe("2026-03-01T12:00:00.123Z one");
  });

  it("finds the newest build of a config", async () => {
    expect((await runCli(["logs", "bc/web"], { api })).out).toBe("log of web-3\n");
    expect((await runCli(["logs", "build/web-1"], { api })).out).toBe("log of web-1\n");
    expect(await runCli(["logs", "bc/new"], { api })).toMatchObject({
      code: 1,
      err: expect.stringContaining("`slipway start-build new`"),
    });
  });

  it("takes the first pod of a controller and says which one", async () => {
    const { code, err } = await runCli(["logs", "rc/web"], { api });
    expect({ code, err }).toEqual({ code: 0, err: "2 pods: these are the logs of pod/web-a.\n" });
    expect(api.calls.at(1)).toEqual(["resources.list", { kind: "pods", project: "demo", labelSelector: "app=web" }]);
    expect(api.calls.at(2)?.[1]).toMatchObject({ name: "web-a" });
    pods = [];
    expect(await runCli(["logs", "rc/web"], { api })).toMatchObject({
      code: 1,
      err: 'error: Replication controller "web" has no pods.\n',
    });
  });

  it("refuses what has no logs, and durations that are none", async () => {
    for (const args of [["svc/web"], ["pod/"], ["web-a", "--since=soon"], ["web-a", "--tail=-1"]]) {
      expect(await runCli(["logs", ...args], { api })).toMatchObject({
        code: 2,
        err: expect.stringMatching(/^error: /),
      });
    }
    expect(api.calls).toEqual([]);
  });
});
