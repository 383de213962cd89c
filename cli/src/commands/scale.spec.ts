import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { controller } from "../testing/objects.ts";
import { runCli } from "../testing/run-cli.ts";

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi({ resources: { scale: async () => ({ resource: controller("web", 3) }) } });
});
afterEach(() => api.stop());

describe("scale", () => {
  it("sets the number of pods, also to none", async () => {
    expect((await runCli(["scale", "rc/web", "--replicas=3"], { api })).out).toBe("rc/web scaled to 3\n");
    await runCli(["scale", "rc", "web", "--replicas=0", "--current-replicas=3"], { api });
    const key = { kind: "rc", project: "demo", name: "web" };
    expect(api.calls.map(([, request]) => request)).toEqual([
      { key, replicas: 3 },
      { key, currentReplicas: 3 },
    ]);
  });

  it("asks for what is missing", async () => {
    for (const args of [["rc/web"], ["rc", "--replicas=1"], ["--replicas=1"], ["rc/web", "--replicas=-1"]])
      expect(await runCli(["scale", ...args], { api })).toMatchObject({ code: 2 });
    expect(api.calls).toEqual([]);
  });
});
