import { chmod, mkdir, readdir, readFile } from "node:fs/promises";
import { parseMemoryBytes } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { PodJson, VolumeJson } from "@slipway/proto";
import type { PodPaths } from "../container/plan/host-paths.ts";
import { subPathFolders } from "../container/plan/mounts.ts";
import { isMissing } from "../host/files.ts";
import { runCommand } from "../host/run-command.ts";

/** Any user of any container may write into an emptyDir. */
const OPEN_TO_ALL = 0o777;

/** Makes the pod's volumes; safe to repeat, and what is in them stays. */
export const prepareVolumes = async (pod: PodJson, paths: PodPaths): Promise<void> => {
  const volumes = pod.spec?.volumes ?? [];
  if (volumes.length === 0) return;
  for (const volume of volumes) await prepareVolume(volume, paths.volume(volume.name ?? ""));
  for (const container of pod.spec?.containers ?? []) {
    for (const folder of subPathFolders(container, paths)) await openFolder(folder);
  }
};

const prepareVolume = async ({ emptyDir }: VolumeJson, path: string): Promise<void> => {
  await openFolder(path);
  if (emptyDir?.medium !== "Memory" || (await mountedBelow(path)).includes(path)) return;
  const sizeBytes = parseMemoryBytes(emptyDir.sizeLimit);
  const options = `mode=0777,nosuid,nodev${sizeBytes === undefined ? "" : `,size=${sizeBytes}`}`;
  const { exitCode, output } = await runCommand("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
  if (exitCode !== 0) throw new SlipwayError("Internal", `A memory volume could not be mounted: ${output.trim()}`);
};

const openFolder = async (path: string): Promise<void> => {
  const made = await mkdir(path, { recursive: true });
  // Past the umask; a folder that was there keeps what a container made of it.
  if (made !== undefined) await chmod(path, OPEN_TO_ALL);
};

/** Takes memory volumes off the host, so that the folder above can be removed. */
export const unmountVolumes = async (paths: PodPaths): Promise<void> => {
  const names = await readdir(paths.volumes).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  if (names.length === 0) return;
  for (const path of await mountedBelow(paths.volumes)) await runCommand("umount", ["-l", path]);
};

/** Mount points at or below `path`, the deepest first. */
const mountedBelow = async (path: string): Promise<string[]> => {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  return mounts
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? [])
    .map((escaped) =>
      escaped.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((point) => point === path || point.startsWith(`${path}/`))
    .sort((a, b) => b.length - a.length);
};
