import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerEngine } from "@slipway/containers";
import { buildContainerLabels, buildOfContainer } from "./build/build-container.ts";
import type { BuildFacts } from "./plan/plan-builds.ts";

interface LeftoverOptions {
  readonly engine: ContainerEngine;
  readonly instance: string;
  readonly stateDir: string;
  readonly builder: string;
  readonly builds: readonly BuildFacts[];
}

/** Removes what this builder left when it died: containers of builds that nobody else runs, and all its work folders. */
export const removeLeftovers = async (options: LeftoverOptions): Promise<{ readonly containers: number }> => {
  const { containers } = options.engine;
  const elsewhere = new Set(
    options.builds
      .filter(
        ({ phase, builder = "" }) =>
          phase === "running" && builder !== options.builder && !builder.startsWith(`${options.builder}/`),
      )
      .map(({ project, name }) => `${project}/${name}`),
  );
  const found = await containers.list({ labels: buildContainerLabels(options.instance), all: true });
  const dead = found.filter(({ labels }) => !elsewhere.has(buildOfContainer(labels)));
  for (const { id } of dead) await containers.remove(id, { force: true, volumes: true });
  const folder = join(options.stateDir, "builds");
  for (const name of await readdir(folder).catch(() => []))
    await rm(join(folder, name), { recursive: true, force: true });
  return { containers: dead.length };
};
