import type { ApiObject } from "../client/api-object.ts";
import { parseFormat, printObjects } from "./print-objects.ts";

const now = Date.parse("2026-03-01T12:10:00Z");
const object = (kind: string, name: string, more: object = {}): ApiObject => ({
  kind,
  metadata: { name, namespace: "demo", creationTimestamp: "2026-03-01T12:00:00Z" },
  ...more,
});
const table = (...objects: ApiObject[]) => printObjects(objects, { format: "table", now });
const wide = (...objects: ApiObject[]) => printObjects(objects, { format: "wide", now });
/** The cells of the first row; columns stand three spaces apart. */
const row = (text: string) => text.split("\n")[1]?.split(/ {3,}/);

describe("the table of", () => {
  it("services shows their address and ports", () => {
    const web = object("Service", "web", {
      spec: { clusterIP: "10.96.0.7", ports: [{ port: 80 }, { port: 53, protocol: "UDP" }], selector: { app: "web" } },
    });
    expect(row(table(web))).toEqual(["web", "ClusterIP", "10.96.0.7", "80/TCP,53/UDP", "10m"]);
    expect(row(wide(web))?.at(-1)).toBe("app=web");
    expect(row(table(object("Service", "bare")))).toEqual(["bare", "ClusterIP", "<none>", "<none>", "10m"]);
  });

  it("replication controllers shows how many there should be, are and are ready", () => {
    const spec = {
      replicas: 0,
      selector: { app: "web" },
      template: { spec: { containers: [{ image: "a:1" }, { image: "b:2" }] } },
    };
    const web = object("ReplicationController", "web", { spec, status: { replicas: 2, readyReplicas: 1 } });
    expect(row(table(web))).toEqual(["web", "0", "2", "1", "10m"]);
    expect(row(wide(web))?.slice(-2)).toEqual(["a:1,b:2", "app=web"]);
  });

  it("endpoints shows the first three addresses", () => {
    const addresses = ["1", "2", "3", "4"].map((end) => ({ ip: `10.90.0.${end}` }));
    const web = object("Endpoints", "web", { subsets: [{ addresses, ports: [{ port: 8080 }] }] });
    expect(row(table(web))?.[1]).toBe("10.90.0.1:8080,10.90.0.2:8080,10.90.0.3:8080 + 1 more…");
    expect(row(table(object("Endpoints", "none")))?.[1]).toBe("<none>");
  });

  it("nodes shows whether they are ready and take pods", () => {
    const node = (status: string | undefined, spec = {}) =>
      object("Node", "n1", { spec, status: { conditions: status ? [{ type: "Ready", status }] : [] } });
    expect(row(table(node("True")))?.[1]).toBe("Ready");
    expect(row(table(node("False", { unschedulable: true })))?.[1]).toBe("NotReady,SchedulingDisabled");
    expect(row(table(node(undefined)))?.[1]).toBe("Unknown");
  });

  it("builds shows the commit, the state with its reason, and how long it took", () => {
    const build = object("Build", "web-1", {
      spec: { strategy: { type: "Source" }, revision: { git: { commit: "0123456789abcdef" } } },
      status: {
        phase: "Failed",
        reason: "AssembleFailed",
        startTimestamp: "2026-03-01T12:05:00Z",
        durationMs: 61_400,
      },
    });
    expect(row(table(build))).toEqual(["web-1", "Source", "Git@0123456", "Failed (AssembleFailed)", "5m ago", "61s"]);
    expect(row(table(object("Build", "new-1", { spec: { strategy: { type: "Docker" } } })))).toEqual([
      "new-1",
      "Docker",
      "Git",
      "New",
    ]);
  });

  it("build configs, image streams, routes and projects shows what identifies them", () => {
    const git = { source: { git: { uri: "https://x", ref: "v1" } }, strategy: { type: "Docker" } };
    expect(row(table(object("BuildConfig", "web", { spec: git, status: { lastVersion: 3 } })))).toEqual([
      "web",
      "Docker",
      "Git@v1",
      "3",
    ]);
    const status = { dockerImageRepository: "r/demo/web", tags: [{ tag: "latest" }, { tag: "v1" }] };
    expect(row(table(object("ImageStream", "web", { status })))).toEqual(["web", "r/demo/web", "latest,v1", "10m"]);
    const conditions = [{ type: "Admitted", status: "False" }];
    const refused = { spec: { host: "a.b", to: { name: "web" } }, status: { ingress: [{ conditions }] } };
    expect(row(table(object("Route", "web", refused)))).toEqual(["web", "a.b", "/", "web", "no"]);
    const shown = { metadata: { name: "p", annotations: { "openshift.io/display-name": "My project" } } };
    expect(row(table({ kind: "Project", ...shown }))).toEqual(["p", "My project", "Active", "<unknown>"]);
  });

  it("a kind that it does not know shows name and age", () => {
    expect(table(object("Novelty", "x"))).toBe("NAME   AGE\nx      10m\n");
  });
});

describe("other formats", () => {
  const objects = [object("Pod", "a"), object("Service", "b")];

  it("give a List, or one object alone", () => {
    const json = JSON.parse(printObjects(objects, { format: "json", now }));
    expect(json).toMatchObject({ apiVersion: "v1", kind: "List", items: [{ kind: "Pod" }, { kind: "Service" }] });
    expect(printObjects(objects.slice(0, 1), { format: "yaml", now, list: false })).toMatch(
      /^kind: Pod\nmetadata:\n {2}name: a\n/,
    );
    expect(JSON.parse(printObjects([], { format: "json", now })).items).toEqual([]);
  });

  it("give names that other commands understand", () => {
    expect(printObjects(objects, { format: "name", now })).toBe("pod/a\nservice/b\n");
  });

  it("are known by name", () => {
    expect(parseFormat(undefined)).toBe("table");
    expect(parseFormat("yaml")).toBe("yaml");
    expect(() => parseFormat("xml")).toThrow("use one of wide, json, yaml, name");
  });
});
