import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fromJson } from "@bufbuild/protobuf";
import { SlipwayError } from "@slipway/kernel";
import { type Resource, ResourceSchema } from "@slipway/proto";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { build, buildConfig, controller, pod } from "../testing/objects.ts";
import { runCli } from "../testing/run-cli.ts";

const URI = "https://example.com/web.git";
const IMAGE = "127.0.0.1:5000/demo/web@sha256:abc";

const stream = fromJson(ResourceSchema, {
  imageStream: {
    kind: "ImageStream",
    metadata: { name: "web" },
    status: { tags: [{ tag: "latest", items: [{ dockerImageReference: IMAGE }] }] },
  },
});
const route = fromJson(ResourceSchema, {
  route: { kind: "Route", metadata: { name: "web" }, spec: { host: "web.test" } },
});

let api: FakeApi;
let edge: Server;
let edgeAddress: string;
const hosts: string[] = [];

beforeAll(async () => {
  edge = createServer((request, answer) => {
    hosts.push(request.headers.host ?? "");
    // The first asker is told that no pod is ready.
    answer.statusCode = hosts.length === 1 ? 503 : 200;
    answer.end();
  });
  await new Promise<void>((resolve) => edge.listen(0, "127.0.0.1", resolve));
  edgeAddress = `127.0.0.1:${(edge.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => edge.close(resolve)));
afterEach(() => api.stop());

/** A platform that holds these objects and builds well, unless told otherwise. */
const serve = async (
  existing: Readonly<Record<string, Resource>> = {},
  end: Parameters<typeof build>[1] = { phase: "Complete" },
) => {
  const objects: Record<string, Resource> = { ...existing };
  api = await startFakeApi({
    resources: {
      get: async ({ key }) => {
        const resource = objects[key?.kind ?? ""];
        if (resource === undefined) throw new SlipwayError("NotFound", "not found");
        return { resource };
      },
      apply: async () => {
        Object.assign(objects, { ImageStream: stream, Route: route });
        return {};
      },
      watch: async function* ({ kind }) {
        if (kind === "builds") yield { type: "ADDED", resource: build("web-1", end) };
        else for (const name of ["a", "b"]) yield { type: "ADDED", resource: pod(name) };
      },
    },
    builds: { start: async () => ({ build: { metadata: { name: "web-1" } } }) },
  });
};

const run = (...more: string[]) =>
  runCli(["new-app", URI, "--builder=my/builder:1", "--replicas=2", "--edge", edgeAddress, ...more], { api });

/** The objects of each apply, by kind. */
const applied = () =>
  api.calls
    .filter(([method]) => method === "resources.apply")
    .map(([, request]) => {
      const { manifests, createOnly = false } = request as { manifests: { content: string }[]; createOnly?: boolean };
      const { items } = JSON.parse(manifests[0]?.content ?? "") as { items: { kind: string; spec?: object }[] };
      return { createOnly, items };
    });

describe("new-app", () => {
  it("makes everything around the pods, builds, runs the image that was built, and prints the URL that answers", async () => {
    await serve();
    const { code, out, err } = await run("--port=3000", "-e", "A=1", "--ref=v1", "--context-dir=app");
    expect({ code, out }).toEqual({ code: 0, out: `http://web.test:${edgeAddress.split(":")[1]}/\n` });
    expect(err).toContain(`web is built from ${URI} with my/builder:1: you named the builder.\n`);
    expect(err).toMatch(/✓ Building .*\n(.*\n)*✓ Starting 2 pods .*\n(.*\n)*✓ Waiting for the route /);
    expect(hosts).toEqual(["web.test", "web.test"]);
    const [around, pods] = applied();
    expect(around?.createOnly).toBe(true);
    expect(around?.items.map(({ kind }) => kind)).toEqual(["ImageStream", "BuildConfig", "Service", "Route"]);
    expect(around?.items[1]?.spec).toEqual({
      source: { type: "Git", git: { uri: URI, ref: "v1" }, contextDir: "app" },
      strategy: {
        type: "Source",
        sourceStrategy: { from: { kind: "DockerImage", name: "my/builder:1" }, incremental: true },
      },
      output: { to: { kind: "ImageStreamTag", name: "web:latest" } },
    });
    expect(around?.items[2]?.spec).toMatchObject({ ports: [{ port: 80, targetPort: 3000 }] });
    expect(pods?.items[0]?.spec).toMatchObject({
      replicas: 2,
      template: { spec: { containers: [{ image: IMAGE, env: [{ name: "A", value: "1" }] }] } },
    });
  });

  it("ends with the build's reason and last lines, and makes no pods, when it fails", async () => {
    await serve(
      {},
      { phase: "Failed", reason: "GitSourceFetchFailed", message: "no such ref", logSnippet: "fatal: x" },
    );
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('error: Build "web-1" ended as Failed: GitSourceFetchFailed: no such ref.\nfatal: x\n');
    expect(applied()).toHaveLength(1);
  });

  it("takes up again what was left without pods", async () => {
    await serve({ BuildConfig: buildConfig("web", URI) });
    expect((await run()).code).toBe(0);
    expect(applied()[0]?.createOnly).toBe(false);
  });

  it("offers a new build for an application that runs, and changes nothing", async () => {
    await serve({ BuildConfig: buildConfig("web", URI), ReplicationController: controller("web") });
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('The application "web" exists already in project "demo": `slipway start-build web`');
    expect(applied()).toEqual([]);
  });

  it("takes nothing over that belongs to something else", async () => {
    const taken: Record<string, Resource>[] = [
      { BuildConfig: buildConfig("web", "https://example.com/other.git") },
      { ReplicationController: controller("web") },
    ];
    for (const existing of taken) {
      await serve(existing);
      const { code, err } = await run();
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("something else named") });
      expect(applied()).toEqual([]);
      await api.stop();
    }
  });
});
