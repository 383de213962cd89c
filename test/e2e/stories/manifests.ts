import { readFileSync } from "node:fs";
import { asSlipwayError, type ErrorCode } from "@slipway/kernel";
import { objectOf } from "../harness/api.ts";
import { type RealManifest, realManifests } from "../harness/inputs.ts";
import { measured } from "../harness/measured.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { until } from "../harness/until.ts";

const PROJECT = "real-manifests";

const BUILT_KINDS = new Set([
  ...["Pod", "Service", "ReplicationController", "Route", "ImageStream", "BuildConfig", "Project", "Namespace", "List"],
]);

/** What an honest refusal may be called; anything else is a fault of ours. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(["Invalid", "NotSupportedYet"]);

interface Verdict {
  readonly manifest: RealManifest;
  readonly code: ErrorCode | "ok";
  readonly message: string;
  readonly paths: readonly string[];
  readonly missingProject?: string;
}

/** Every real manifest that needs only what is built: judged without a trace, and a part of them kept and deleted. */
export const manifestsStory = (platform: () => TestPlatform): void => {
  const applied = async ({ name, path }: RealManifest, dryRun = false) =>
    platform().api.resources.apply({
      project: PROJECT,
      manifests: [{ name, content: readFileSync(path, "utf8") }],
      dryRun,
    });

  const judge = async (manifest: RealManifest): Promise<Verdict> => {
    try {
      await applied(manifest, true);
      return { manifest, code: "ok", message: "", paths: [] };
    } catch (error) {
      const { code, message, problems, fields } = asSlipwayError(error);
      const missing = typeof fields.project === "string" ? { missingProject: fields.project } : {};
      return { manifest, code, message, paths: problems.map(({ path }) => path), ...missing };
    }
  };

  /** A manifest that names a project of its own gets it. */
  const judgeInItsProject = async (manifest: RealManifest): Promise<Verdict> => {
    const verdict = await judge(manifest);
    const project = verdict.code === "NotFound" ? verdict.missingProject : undefined;
    if (project === undefined || projects.has(project)) return verdict;
    await makeProject(project);
    return judgeInItsProject(manifest);
  };

  const makeProject = async (name: string): Promise<void> => {
    projects.add(name);
    await platform().api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name } });
  };

  const gone = (kind: string, project: string, name: string) =>
    until(`${kind} ${name} is gone`, async () =>
      (await platform().api.get(kind, project, name)) === undefined ? true : undefined,
    );

  const projects = new Set<string>();
  const verdicts: Verdict[] = [];

  beforeAll(async () => {
    await makeProject(PROJECT);
    const candidates = realManifests().filter(
      ({ class: cls, kinds }) =>
        ["R0", "R1"].includes(cls) && Object.keys(kinds).every((kind) => BUILT_KINDS.has(kind)),
    );
    const startedAt = performance.now();
    for (const manifest of candidates) verdicts.push(await judgeInItsProject(manifest));
    measured(`${candidates.length} real manifests judged`, performance.now() - startedAt);
    const counts = new Map<string, number>();
    for (const { code } of verdicts) counts.set(code, (counts.get(code) ?? 0) + 1);
    measured("verdicts", [...counts].map(([code, count]) => `${count} ${code}`).join(", "));
  }, 120_000);

  afterAll(async () => {
    const keys = [...projects].map((name) => ({ kind: "Project", name }));
    await platform().api.resources.delete({ keys, ignoreNotFound: true });
    for (const name of projects) await gone("Project", "", name);
  }, 60_000);

  it("takes or refuses each with a path, and never fails over one", () => {
    const faults = verdicts.filter(({ code }) => code !== "ok" && !REFUSALS.has(code));
    expect(faults).toEqual([]);
    const pathless = verdicts.filter(
      ({ code, paths }) => ["Invalid", "NotSupportedYet"].includes(code) && !paths.length,
    );
    expect(pathless).toEqual([]);
  });

  it("takes most of them as they are", () => {
    expect(verdicts.length).toBeGreaterThan(250);
    const taken = verdicts.filter(({ code }) => code === "ok");
    expect(taken.length / verdicts.length).toBeGreaterThan(0.5);
  });

  it("keeps what it takes: applied, read, applied again without a change and deleted", async () => {
    const { api } = platform();
    const kept = verdicts
      .filter(({ code, manifest }) => code === "ok" && manifest.class === "R0")
      .map(({ manifest }) => manifest);
    const startedAt = performance.now();
    for (const manifest of kept) {
      const { results } = await applied(manifest);
      for (const { key, resource } of results) {
        const { resource: read } = await api.resources.get({ ...(key && { key }) });
        expect([manifest.name, read && objectOf(read).spec]).toEqual([
          manifest.name,
          resource && objectOf(resource).spec,
        ]);
      }
      const again = await applied(manifest);
      expect([manifest.name, ...again.results.map(({ action }) => action)]).toEqual([
        manifest.name,
        ...results.map(() => "unchanged"),
      ]);
      const all = results.flatMap(({ key }) => key ?? []);
      // Others may name the project that a manifest makes.
      for (const { kind, name } of all) if (kind === "Project") projects.add(name);
      const keys = all.filter(({ kind }) => kind !== "Project");
      if (keys.length > 0) await api.resources.delete({ keys });
      for (const { kind, project, name } of keys) await gone(kind, project, name);
    }
    measured(`${kept.length} real manifests applied, read, applied again and deleted`, performance.now() - startedAt);
    expect(kept.length).toBeGreaterThan(50);
  }, 180_000);
};
