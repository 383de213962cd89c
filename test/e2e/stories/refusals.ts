import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, openApi } from "../harness/api.ts";
import { connectPlainClient } from "../harness/plain-client.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { appendedDuring, refusal } from "../harness/refusal.ts";
import { until } from "../harness/until.ts";

/** Whoever may not, wants too much or asks for what is not there hears so, each in words of its own. */
export const refusalsStory = (platform: () => TestPlatform): void => {
  const appendingNothing = async (work: () => Promise<void>): Promise<void> => {
    expect(await appendedDuring(platform().api, work)).toEqual([]);
  };

  describe("access", () => {
    const manifest = JSON.stringify({ apiVersion: "v1", kind: "Project", metadata: { name: "stolen" } });
    const withToken = async <T>(token: string, use: (api: Api) => Promise<T>): Promise<T> => {
      const api = openApi(`127.0.0.1:${platform().installation.ports.grpc}`, token);
      try {
        return await use(api);
      } finally {
        api.close();
      }
    };

    it("is refused for a wrong token, on gRPC and on the command line", () =>
      appendingNothing(async () => {
        const error = await withToken("slipway-wrong", (api) => refusal(api.apply("", manifest)));
        expect(error).toMatchObject({ code: "Unauthenticated" });
        const env = { SLIPWAY_TOKEN: "slipway-wrong" };
        const { code, stderr } = await platform().slipway(["apply", "-f", "-"], { env, stdin: manifest });
        expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^error: .*token/i) });
      }));

    it("is refused without a token, reflection and streams included", async () => {
      const server = `127.0.0.1:${platform().installation.ports.grpc}`;
      await expect(connectPlainClient(server)).rejects.toMatchObject({ code: 16 });
      const error = await withToken("", async (api) => {
        const events = api.events.subscribe({ fromPosition: 1n })[Symbol.asyncIterator]();
        return refusal(events.next());
      });
      expect(error).toMatchObject({ code: "Unauthenticated" });
    });

    it("asks for a login where nobody has logged in", async () => {
      const home = mkdtempSync(join(tmpdir(), "slip-home-"));
      try {
        const { code, stderr } = await platform().slipway(["get", "pods"], { env: { SLIPWAY_HOME: home } });
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringMatching(/^error: Not logged in: run .*login/),
        });
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    });
  });

  it(
    "refuses a message that is too large before it reads it",
    () =>
      appendingNothing(async () => {
        const content = `# ${"x".repeat(20 * 1024 * 1024)}`;
        const error = await refusal(
          platform().api.resources.apply({ project: "demo", manifests: [{ name: "huge.yaml", content }] }),
        );
        expect(error).toMatchObject({ code: "TooLarge", class: "Refused" });
        const { code, stderr } = await platform().slipway(["apply", "-f", "-", "-n", "demo"], { stdin: content });
        expect(code).toBe(1);
        expect(stderr).toMatch(/^error: .*(large|size|MiB|bytes)/i);
        expect((await platform().api.resources.status({})).version).not.toBe("");
      }),
    30_000,
  );

  it("refuses a position that is not there yet, with the head in its answer", async () => {
    const { api, slipway } = platform();
    const beyond = (await api.head()) + 100_000;
    const events = api.events.subscribe({ fromPosition: BigInt(beyond) })[Symbol.asyncIterator]();
    expect(await refusal(events.next())).toMatchObject({ code: "UnknownPosition" });
    const watch = api.resources.watch({ kind: "pods", fromPosition: BigInt(beyond) })[Symbol.asyncIterator]();
    expect(await refusal(watch.next())).toMatchObject({ code: "UnknownPosition" });
    const list = api.resources.list({ kind: "pods", atLeastPosition: BigInt(beyond) });
    expect(await refusal(list)).toMatchObject({ code: "UnknownPosition" });
    const { code, stderr } = await slipway(["events", "--from", String(beyond)]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^error: .*Position \d+ .*\d+/) });
  }, 30_000);

  it("refuses new objects in a project that is being deleted, and in one that is gone", async () => {
    const { api, slipway } = platform();
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "late" }, spec: { ports: [{ port: 80 }] } };
    await api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name: "doomed" } });
    // A pod that ignores its stop signal keeps the project terminating for as long as its grace.
    await api.apply("doomed", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "stubborn" },
      spec: {
        terminationGracePeriodSeconds: 3,
        containers: [
          {
            name: "stubborn",
            image: "slipway/busybox:latest",
            imagePullPolicy: "IfNotPresent",
            command: ["sh", "-c", "trap '' TERM; while true; do sleep 1; done"],
          },
        ],
      },
    });
    await api.untilObject("pods", "doomed", "stubborn", ({ status }) => status?.phase === "Running");
    await slipway(["project", "delete", "doomed"]);
    expect(await refusal(api.apply("doomed", service))).toMatchObject({ code: "ProjectTerminating" });
    await until("the project is gone", async () =>
      (await api.get("projects", "", "doomed")) === undefined ? true : undefined,
    );
    expect(await refusal(api.apply("doomed", service))).toMatchObject({ code: "NotFound" });
    const { code, stderr } = await slipway(["apply", "-f", "-", "-n", "doomed"], { stdin: JSON.stringify(service) });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error: .*project "doomed" not found/i),
    });
  }, 60_000);

  it("tells wrong usage by an exit code of its own", async () => {
    const { slipway } = platform();
    expect(await slipway(["frobnicate"])).toMatchObject({ code: 2 });
    expect(await slipway(["scale", "rc/web"])).toMatchObject({ code: 2 });
    expect(await slipway(["get", "pods", "--no-such-flag"])).toMatchObject({ code: 2 });
    const unknown = await slipway(["get", "unicorns"]);
    expect({ code: unknown.code, stderr: unknown.stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error: .*unicorns/),
    });
  }, 30_000);
};
