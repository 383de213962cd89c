import { readFileSync } from "node:fs";
import { isSlipwayError } from "@slipway/kernel";
import type { ApiObject } from "../harness/api.ts";
import { type RealManifest, realManifests } from "../harness/inputs.ts";
import { measured } from "../harness/measured.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { buildStandIns, tagStandIns } from "../harness/stand-in-images.ts";
import { until } from "../harness/until.ts";

const KINDS = new Set(["Pod", "Service", "ReplicationController", "Route", "List"]);

/** Images that are asked for a shell; all others are servers. */
const SHELLS = /(^|\/)(busybox|alpine|debian|ubuntu)(:|$)/;

/** Projects at once: their pods share two cores. */
const BATCH = 24;
const SETTLE_MS = 90_000;

interface Settled {
  readonly pod: string;
  /** `Running`, `Ended` or `Unschedulable`, and why. */
  readonly how: string;
}

/** Every real pod that can run here does, from its manifest as it is, or says why it cannot. */
export const realPodsStory = (platform: () => TestPlatform): void => {
  let removeImages = async (): Promise<void> => {};
  const manifests = new Map<string, RealManifest>();

  beforeAll(async () => {
    const { api, engine } = platform();
    const candidates = realManifests().filter(
      ({ class: cls, kinds }) =>
        cls === "R1" &&
        Object.keys(kinds).every((kind) => KINDS.has(kind)) &&
        (kinds.Pod ?? kinds.ReplicationController) !== undefined,
    );
    await api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name: "real" } });
    const images = new Set<string>();
    for (const manifest of candidates) {
      const taken = await imagesOf(platform(), manifest);
      if (taken === undefined) continue;
      manifests.set(`real-${manifests.size}`, manifest);
      for (const image of taken) images.add(image);
    }
    const removeServer = await buildStandIns(engine, [{ image: "stand-in/any-server:latest", folder: "any-server" }]);
    const removeTags = await tagStandIns(engine, [...images], (image) =>
      SHELLS.test(image) ? "slipway/busybox:latest" : "stand-in/any-server:latest",
    );
    removeImages = async () => {
      await removeTags();
      await removeServer();
    };
  }, 120_000);

  afterAll(async () => {
    await platform().slipway(["project", "delete", "real"]);
    await removeImages();
  }, 60_000);

  it("runs each, or says why not", async () => {
    const settled: Settled[] = [];
    const startedAt = performance.now();
    const all = [...manifests];
    for (let from = 0; from < all.length; from += BATCH) {
      const batch = all.slice(from, from + BATCH);
      for (const [project, { name, path }] of batch) {
        await platform().api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name: project } });
        const content = readFileSync(path, "utf8");
        await platform().api.resources.apply({ project, manifests: [{ name, content }] });
      }
      for (const [project, { name }] of batch) settled.push(...(await untilSettled(platform(), project, name)));
      for (const [project] of batch) await removeQuickly(platform(), project);
      for (const [project] of batch) {
        await until(`project ${project} is gone`, async () =>
          (await platform().api.get("projects", "", project)) === undefined ? true : undefined,
        );
      }
    }
    measured(`${all.length} real manifests run and removed`, performance.now() - startedAt);
    const counts = new Map<string, number>();
    for (const { how } of settled) counts.set(how.split(":")[0] ?? "", (counts.get(how.split(":")[0] ?? "") ?? 0) + 1);
    measured("their pods", [...counts].map(([how, count]) => `${count} ${how}`).join(", "));
    expect(settled.filter(({ how }) => how.startsWith("Stuck"))).toEqual([]);
    expect(settled.filter(({ how }) => how === "Running").length / settled.length).toBeGreaterThan(0.8);
  }, 400_000);
};

/** The images that a manifest wants; undefined for one that is refused, or that names a project of its own. */
const imagesOf = async ({ api }: TestPlatform, { name, path }: RealManifest): Promise<string[] | undefined> => {
  try {
    const content = readFileSync(path, "utf8");
    const { results } = await api.resources.apply({ project: "real", manifests: [{ name, content }], dryRun: true });
    const inOwnProject = results.some(({ key }) => key?.project !== "real");
    if (inOwnProject) return undefined;
    return results.flatMap(({ resource }) => {
      const { case: kind, value } = resource?.kind ?? {};
      const spec =
        kind === "pod" ? value?.spec : kind === "replicationController" ? value?.spec?.template?.spec : undefined;
      return spec?.containers.map(({ image }) => image) ?? [];
    });
  } catch (error) {
    if (isSlipwayError(error)) return undefined;
    throw error;
  }
};

const untilSettled = async ({ api }: TestPlatform, project: string, manifest: string): Promise<Settled[]> => {
  const controllers = await api.list("rc", project);
  const wanted = controllers.reduce((sum, { spec }) => sum + Number(spec?.replicas ?? 1), 0);
  try {
    const pods = await api.untilObjects(
      "pods",
      project,
      (all) => all.length >= Math.max(wanted, 1) && all.every((pod) => howSettled(pod) !== undefined),
      SETTLE_MS,
    );
    return pods.map((pod) => ({ pod: `${manifest}: ${pod.metadata.name}`, how: howSettled(pod) ?? "" }));
  } catch (error) {
    return [{ pod: manifest, how: `Stuck: ${error instanceof Error ? error.message : error}` }];
  }
};

type ContainerState = Readonly<Record<"waiting" | "running" | "terminated", object | undefined>>;

const howSettled = ({ status }: ApiObject): string | undefined => {
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") return `Unschedulable: ${scheduled.reason}`;
  const containers = (status?.containerStatuses ?? []) as readonly {
    state?: ContainerState;
    lastState?: ContainerState;
  }[];
  if (containers.length === 0) return undefined;
  if (containers.every(({ state }) => state?.running)) return "Running";
  const begun = containers.every(
    ({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated,
  );
  return begun ? "Ended" : undefined;
};

/** Nobody waits for the grace of a shell that does not hear its stop signal. */
const removeQuickly = async ({ api }: TestPlatform, project: string): Promise<void> => {
  const keysOf = async (kind: string) =>
    (await api.list(kind, project)).map(({ metadata }) => ({ kind, project, name: metadata.name }));
  const controllers = await keysOf("rc");
  if (controllers.length > 0) await api.resources.delete({ keys: controllers, orphan: true });
  const pods = await keysOf("pods");
  if (pods.length > 0) await api.resources.delete({ keys: pods, gracePeriodSeconds: 0, ignoreNotFound: true });
  await api.resources.delete({ keys: [{ kind: "Project", name: project }] });
};
