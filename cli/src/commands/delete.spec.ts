import { SlipwayError } from "@slipway/kernel";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { runCli } from "../testing/run-cli.ts";

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi({
    resources: {
      delete: async ({ keys, kind, ignoreNotFound }) => {
        if (keys.some(({ name }) => name === "absent")) {
          if (ignoreNotFound) return { deleted: [] };
          throw new SlipwayError("NotFound", 'pods "absent" not found');
        }
        return { deleted: keys.length > 0 ? keys : [{ kind, project: "demo", name: "found" }] };
      },
    },
  });
});
afterEach(() => api.stop());

const asked = () => api.calls.map(([, request]) => request);
const key = (kind: string, name: string, project = "demo") => ({ kind, name, project });

describe("delete", () => {
  it("deletes named objects in one call, so that all go or none", async () => {
    const { code, out } = await runCli(["delete", "pod", "a", "b", "--grace-period=0"], { api });
    expect({ code, out }).toEqual({ code: 0, out: 'pod "a" deleted\npod "b" deleted\n' });
    expect(asked()).toEqual([{ keys: [key("pod", "a"), key("pod", "b")], project: "demo", gracePeriodSeconds: 0 }]);
    await runCli(["delete", "rc/web", "svc/web", "--orphan"], { api });
    expect(asked()[1]).toEqual({ keys: [key("rc", "web"), key("svc", "web")], project: "demo", orphan: true });
  });

  it("deletes by label, or all of a kind when that is said", async () => {
    await runCli(["delete", "pods", "-l", "app=web"], { api });
    await runCli(["delete", "pods,svc", "--all"], { api });
    expect(asked()).toEqual([
      { kind: "pods", project: "demo", labelSelector: "app=web" },
      { kind: "pods", project: "demo" },
      { kind: "svc", project: "demo" },
    ]);
  });

  it("deletes everything of an application by its label", async () => {
    await runCli(["delete", "all", "-l", "app=web"], { api });
    const kinds = asked().map((request) => (request as { kind: string }).kind);
    expect(kinds).toEqual(expect.arrayContaining(["pods", "replicationcontrollers", "services", "routes", "builds"]));
  });

  it("deletes what manifests name, the last first, each in its project", async () => {
    const stdin = [
      "{kind: Project, metadata: {name: p}}",
      "{kind: List, items: [{kind: Pod, metadata: {name: a}}, {kind: Service, metadata: {name: b, namespace: other}}]}",
    ].join("\n---\n");
    expect((await runCli(["delete", "-f", "-"], { api, stdin })).code).toBe(0);
    expect(asked()).toEqual([
      { keys: [key("Service", "b", "other"), key("Pod", "a"), key("Project", "p")], project: "demo" },
    ]);
  });

  it("ends with 1 when an object is not there, unless that is no matter", async () => {
    expect(await runCli(["delete", "pod", "absent"], { api })).toMatchObject({
      code: 1,
      err: 'error: pods "absent" not found\n',
    });
    expect(await runCli(["delete", "pod", "absent", "--ignore-not-found"], { api })).toEqual({
      code: 0,
      out: "",
      err: "Nothing to delete.\n",
    });
  });

  it("deletes nothing when it is not clear what", async () => {
    const failures = [
      [["delete"], "", 2],
      [["delete", "pods"], "", 2],
      [["delete", "all", "web"], "", 2],
      [["delete", "pod", "a", "-f", "-"], "", 2],
      [["delete", "-f", "-"], "just: text", 2],
      [["delete", "-f", "-"], "a: [", 1],
      [["delete", "-f", "-"], "a: *nothing", 1],
    ] as const;
    for (const [args, stdin, code] of failures) {
      expect(await runCli(args, { api, stdin })).toEqual({
        code,
        out: "",
        err: expect.stringMatching(/^error: .+\n$/),
      });
    }
    expect(asked()).toEqual([]);
  });
});
