import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@slipway/kernel";
import { parseManifests } from "@slipway/manifest";
import { type MalformedManifest, mutateManifest } from "@slipway/testkit";
import { parseAllDocuments } from "yaml";
import { realManifests } from "../harness/inputs.ts";
import { measured } from "../harness/measured.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { appendedDuring, refusal } from "../harness/refusal.ts";

const PROJECT = "malformed";
const THROUGH_GRPC = 200;
const THROUGH_CLI = 40;
/** Each is a process of its own on two cores. */
const AT_ONCE = 3;

const KINDS = new Set(["Pod", "Service", "ReplicationController", "Route", "ImageStream", "BuildConfig"]);

/** A file, a field path or a line, as every refusal names one. */
const PLACE = /bad\.json:(\d+:\d+| \S+\/\S+: \S+| \S+ at line \d+: \S+)/;

/** Nonsense is refused where it stands, and never leaves a trace. */
export const malformedStory = (platform: () => TestPlatform): void => {
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

  const appendingNothing = async (work: () => Promise<void>): Promise<void> => {
    expect(await appendedDuring(platform().api, work)).toEqual([]);
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
