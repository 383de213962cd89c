import { SlipwayError } from "@slipway/kernel";
import { type FakeApi, type FakeHandlers, startFakeApi } from "../testing/fake-api.ts";
import { pod, project, service } from "../testing/objects.ts";
import { runCli } from "../testing/run-cli.ts";

let api: FakeApi | undefined;
const serve = async (resources: FakeHandlers["resources"]): Promise<FakeApi> => {
  api = await startFakeApi({ resources: resources ?? {} });
  return api;
};
afterEach(async () => {
  await api?.stop();
  api = undefined;
});

describe("get", () => {
  it("lists a kind of the current project as a table", async () => {
    const api = await serve({ list: async () => ({ resources: [pod("web-1"), pod("web-22")] }) });
    const { code, out } = await runCli(["get", "po", "-l", "app=web"], { api });
    expect(code).toBe(0);
    expect(out).toBe(
      "NAME     READY   STATUS    RESTARTS   AGE\n" +
        "web-1    1/1     Running   0          30m\n" +
        "web-22   1/1     Running   0          30m\n",
    );
    expect(api.calls).toEqual([["resources.list", { kind: "po", project: "demo", labelSelector: "app=web" }]]);
  });

  it("adds columns with -o wide, and the project with -A", async () => {
    const api = await serve({ list: async () => ({ resources: [pod("web-1")] }) });
    const { out } = await runCli(["get", "pods", "-A", "-o", "wide"], { api });
    expect(out).toBe(
      "PROJECT   NAME    READY   STATUS    RESTARTS   AGE   IP          NODE\n" +
        "demo      web-1   1/1     Running   0          30m   10.90.0.2   n1\n",
    );
    expect(api.calls).toEqual([["resources.list", { kind: "pods" }]]);
  });

  it("takes -n before and after the command", async () => {
    const api = await serve({ list: async () => ({ resources: [] }) });
    await runCli(["-n", "one", "get", "pods"], { api });
    await runCli(["get", "pods", "-n", "two"], { api });
    expect(api.calls.map(([, request]) => request)).toEqual([
      { kind: "pods", project: "one" },
      { kind: "pods", project: "two" },
    ]);
  });

  it("gives one object as such, and several as a List", async () => {
    const api = await serve({ get: async ({ key }) => ({ resource: pod(key?.name ?? "") }) });
    const one = JSON.parse((await runCli(["get", "pod/web-1", "-o", "json"], { api })).out);
    expect(one).toMatchObject({ apiVersion: "v1", kind: "Pod", metadata: { name: "web-1" } });
    const two = JSON.parse((await runCli(["get", "pod", "web-1", "web-2", "-o", "json"], { api })).out);
    expect(two).toMatchObject({ kind: "List", items: [{ kind: "Pod" }, { kind: "Pod" }] });
  });

  it("names objects with their kind where several kinds are asked for", async () => {
    const api = await serve({
      list: async ({ kind }) => ({ resources: kind === "pods" ? [pod("web-1")] : [service("web")] }),
    });
    expect((await runCli(["get", "pods,services", "-o", "name"], { api })).out).toBe("pod/web-1\nservice/web\n");
    const { out } = await runCli(["get", "pods,services"], { api });
    expect(out).toContain("\npod/web-1 ");
    expect(out).toContain("\n\nNAME          TYPE ");
    expect(out).toContain("\nservice/web ");
  });

  it("says on standard error that there is nothing", async () => {
    const api = await serve({ list: async () => ({ resources: [] }) });
    expect(await runCli(["get", "pods"], { api })).toEqual({
      code: 0,
      out: "",
      err: "No resources found in project demo.\n",
    });
    expect((await runCli(["get", "pods", "-o", "json"], { api })).out).toContain('"items": []');
  });

  it("ends with 1 and the server's sentence when the object is not there", async () => {
    const api = await serve({
      get: async () => {
        throw new SlipwayError("NotFound", 'pods "x" not found');
      },
    });
    expect(await runCli(["get", "pod", "x"], { api })).toEqual({
      code: 1,
      out: "",
      err: 'error: pods "x" not found\n',
    });
  });

  it("ends with 2 when it is used wrongly, before the server is asked", async () => {
    const api = await serve({});
    for (const args of [["get"], ["get", "pods", "-o", "xml"], ["get", "pod/"], ["get", "pods,rc", "-w"]]) {
      const { code, err } = await runCli(args, { api });
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(err).toMatch(/^error: .+\n/);
    }
    expect(api.calls).toEqual([]);
  });

  it("names the server that cannot be reached, and the way out", async () => {
    const { code, err } = await runCli(["get", "pods"], { api: { server: "127.0.0.1:1", token: "x" } });
    expect(code).toBe(1);
    expect(err).toMatch(/^error: The server 127\.0\.0\.1:1 cannot be reached: `slipway up` .*\n$/);
  }, 20_000);

  it("says how to log in when nobody has", async () => {
    const { code, err } = await runCli(["get", "pods"]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^error: Not logged in: run `slipway login/) });
  });
});

describe("get --watch", () => {
  it("tells what is there as one table, then a line for each change, in straight columns", async () => {
    const waiting = { phase: "Pending", containerStatuses: [] };
    const api = await serve({
      watch: async function* () {
        yield { type: "ADDED", resource: pod("web-1") };
        yield { type: "ADDED", resource: pod("web-22") };
        yield { type: "BOOKMARK", position: 7n };
        yield { type: "ADDED", resource: pod("b", waiting), position: 8n };
        yield { type: "DELETED", resource: pod("web-1", undefined, { deletionTimestamp: "2026-03-01T12:09:00Z" }) };
      },
    });
    const { out } = await runCli(["get", "pods", "-w"], { api });
    expect(out).toBe(
      [
        "NAME     READY   STATUS    RESTARTS   AGE",
        "web-1    1/1     Running   0          30m",
        "web-22   1/1     Running   0          30m",
        "b        0/1     ContainerCreating   0          30m",
        "web-1    1/1     Terminating         0          30m   (deleted)",
        "",
      ].join("\n"),
    );
    expect(api.calls).toEqual([["resources.watch", { kind: "pods", project: "demo" }]]);
  });

  it("gives objects, one after the other, in other formats", async () => {
    const api = await serve({
      watch: async function* () {
        yield { type: "ADDED", resource: project("a") };
        yield { type: "BOOKMARK", position: 1n };
        yield { type: "ADDED", resource: project("b"), position: 2n };
      },
    });
    expect((await runCli(["get", "projects", "-w", "-o", "name"], { api })).out).toBe("project/a\nproject/b\n");
  });
});
