import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asSlipwayError, isSlipwayError, type SlipwayError, seededRandom } from "@slipway/kernel";
import { parseManifests } from "@slipway/manifest";
import { type MalformedManifest, mutateManifest } from "@slipway/testkit";
import { parseAllDocuments } from "yaml";
import { type Api, openApi } from "../harness/api.ts";
import { realManifests } from "../harness/inputs.ts";
import { measured } from "../harness/measured.ts";
import { connectPlainClient } from "../harness/plain-client.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { until } from "../harness/until.ts";

const PROJECT = "bad-input";
const THROUGH_GRPC = 200;
const THROUGH_CLI = 40;
/** Each is a process of its own on two cores. */
const AT_ONCE = 3;

const KINDS = new Set(["Pod", "Service", "ReplicationController", "Route", "ImageStream", "BuildConfig"]);

/** A file, a field path or a line, as every refusal names one. */
const PLACE = /bad\.json:(\d+:\d+| \S+\/\S+: \S+| \S+ at line \d+: \S+)/;

/** Nonsense is refused where it stands, and never leaves a trace. */
export const badInputStory = (platform: () => TestPlatform): void => {
  const malformed: MalformedManifest[] = [];

  beforeAll(async () => {
    await platform().api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name: PROJECT } });
    const objects = validObjects();
    const random = seededRandom(20_18);
    for (let i = 0; i < THROUGH_GRPC + THROUGH_CLI; i++) {
      const object = objects[Math.floor(random() * objects.length)] as Readonly<Record<string, unknown>>;
      malformed.push(mutateManifest(object, random));
    }
  });

  afterAll(async () => {
    await platform().slipway(["project", "delete", PROJECT]);
  });

  /** Runs `work` and proves that nothing of a user's was appended meanwhile. */
  const appendingNothing = async (work: () => Promise<void>): Promise<void> => {
    const { api } = platform();
    const head = await api.head();
    await work();
    const appended: string[] = [];
    for await (const { events } of api.events.subscribe({ fromPosition: BigInt(head + 1), untilHead: true })) {
      appended.push(...events.filter(({ actor }) => actor.startsWith("user:")).map(({ stream }) => stream));
    }
    expect(appended).toEqual([]);
  };

  it(
    `refuses ${THROUGH_GRPC} malformed manifests through gRPC, each with a field's path or a line`,
    () =>
      appendingNothing(async () => {
        const wrong: string[] = [];
        for (const { what, content } of malformed.slice(0, THROUGH_GRPC)) {
          const error = await refusal(
            platform().api.resources.apply({ project: PROJECT, manifests: [{ name: "bad.json", content }] }),
          );
          const paths = error?.problems.map(({ path }) => path) ?? [];
          if (paths.length === 0 || !paths.every((path) => PLACE.test(path)) || error?.class !== "Refused") {
            wrong.push(`${what}: ${error?.code} ${error?.message}\n${content}`);
          }
        }
        expect(wrong).toEqual([]);
      }),
    60_000,
  );

  it(
    `refuses ${THROUGH_CLI} malformed manifests through the command line, each with a field's path or a line`,
    () =>
      appendingNothing(async () => {
        const folder = mkdtempSync(join(tmpdir(), "slip-bad-"));
        const wrong: string[] = [];
        const startedAt = performance.now();
        const queue = malformed.slice(THROUGH_GRPC).entries();
        const worker = async (): Promise<void> => {
          for (const [i, { what, content }] of queue) {
            const file = join(folder, `${i}-bad.json`);
            writeFileSync(file, content);
            const { code, stdout, stderr } = await platform().slipway(["apply", "-f", file, "-n", PROJECT]);
            if (code !== 1 || stdout !== "" || !stderr.startsWith("error: ") || !PLACE.test(stderr)) {
              wrong.push(`${what}: ${code} ${stdout}${stderr}\n${content}`);
            }
          }
        };
        try {
          await Promise.all(Array.from({ length: AT_ONCE }, worker));
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
        measured(`${THROUGH_CLI} malformed manifests through the command line`, performance.now() - startedAt);
        expect(wrong).toEqual([]);
      }),
    180_000,
  );

  it("takes all of a call or nothing of it", () =>
    appendingNothing(async () => {
      const good = { apiVersion: "v1", kind: "Service", metadata: { name: "good" }, spec: { ports: [{ port: 80 }] } };
      const bad = { apiVersion: "v1", kind: "Service", metadata: { name: "bad" }, spec: { ports: [{ port: 0 }] } };
      const manifests = [good, bad].map((object) => ({ name: "both.json", content: JSON.stringify(object) }));
      const error = await refusal(platform().api.resources.apply({ project: PROJECT, manifests }));
      expect(error?.problems.map(({ path }) => path)).toEqual([expect.stringContaining("spec.ports[0].port")]);
    }));

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
          platform().api.resources.apply({ project: PROJECT, manifests: [{ name: "huge.yaml", content }] }),
        );
        expect(error).toMatchObject({ code: "TooLarge", class: "Refused" });
        const { code, stderr } = await platform().slipway(["apply", "-f", "-", "-n", PROJECT], { stdin: content });
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

/** The error of a call that must fail; undefined when it was taken. */
const refusal = async (call: Promise<unknown>): Promise<SlipwayError | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    return isSlipwayError(error) ? error : asSlipwayError(error);
  }
};

/** Objects of the real manifests that are taken as they are, one by one. */
const validObjects = (): readonly Readonly<Record<string, unknown>>[] =>
  realManifests()
    .filter(({ class: cls, kinds }) => cls !== "R3" && Object.keys(kinds).some((kind) => KINDS.has(kind)))
    .flatMap(({ path }) => {
      try {
        return parseAllDocuments(readFileSync(path, "utf8")).map((document) => document.toJS() as unknown);
      } catch {
        return [];
      }
    })
    .filter((object): object is Readonly<Record<string, unknown>> => {
      if (typeof object !== "object" || object === null || !("kind" in object)) return false;
      if (!KINDS.has(String(object.kind))) return false;
      try {
        parseManifests([{ name: "bad.json", content: JSON.stringify(object) }], { validation: "warn" });
        return true;
      } catch {
        return false;
      }
    });
