import type { Bind } from "@slipway/containers";
import { SlipwayError } from "@slipway/kernel";
import type { ContainerJson, PodSpecJson } from "@slipway/proto";
import type { PodPaths } from "./host-paths.ts";

/** What a container sees of its pod's volumes and files. `Invalid` for a mount that leads nowhere or out of its volume. */
export const containerBinds = (spec: PodSpecJson, container: ContainerJson, paths: PodPaths): Bind[] => {
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  const binds = (container.volumeMounts ?? []).map((mount): Bind => {
    const { name = "", mountPath = "", subPath = "" } = mount;
    if (!volumes.has(name)) {
      throw new SlipwayError("Invalid", `The volume "${name}" that container ${container.name} mounts does not exist.`);
    }
    return {
      source: subPath === "" ? paths.volume(name) : `${paths.volume(name)}/${safeSubPath(subPath)}`,
      target: mountPath,
      ...(mount.readOnly === true && { readOnly: true }),
    };
  });
  const mounted = new Set(binds.map(({ target }) => target));
  const files: Bind[] = [
    { source: paths.hosts, target: "/etc/hosts" },
    { source: paths.resolvConf, target: "/etc/resolv.conf" },
  ];
  return [...binds, ...files.filter(({ target }) => !mounted.has(target))];
};

/** A path below the volume's root: no step up, no empty step. */
const safeSubPath = (subPath: string): string => {
  const steps = subPath.split("/").filter((step) => step !== "" && step !== ".");
  if (subPath.startsWith("/") || steps.includes("..") || steps.length === 0) {
    throw new SlipwayError("Invalid", `The subPath "${subPath}" must be a path within the volume, without "..".`);
  }
  return steps.join("/");
};

/** Folders within volumes that must stand before the container is made. */
export const subPathFolders = (container: ContainerJson, paths: PodPaths): string[] =>
  (container.volumeMounts ?? []).flatMap(({ name = "", subPath = "" }) =>
    subPath === "" ? [] : [`${paths.volume(name)}/${safeSubPath(subPath)}`],
  );
