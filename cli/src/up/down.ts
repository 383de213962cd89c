import { rm } from "node:fs/promises";
import { dockerEngine } from "@slipway/containers";
import { delay, isSlipwayError, SlipwayError } from "@slipway/kernel";
import { purgeNode } from "@slipway/node-agent";
import { createLogger } from "@slipway/runtime";
import { purgeEngine } from "../host/engine/stop-engine.ts";
import { removeImages } from "../host/images/remove-images.ts";
import { askSupervisor } from "./control.ts";
import { endLeftovers } from "./end-leftovers.ts";
import { type Installation, pathsOf, readInstallation } from "./installation.ts";
import { inStep, type Output } from "./output.ts";
import { stayAwake } from "./stay-awake.ts";

export interface DownOptions {
  readonly home: string;
  /** Remove every trace: containers, networks, addresses, the edge, an engine that we started, all state. */
  readonly purge?: boolean;
  /** Of a purge: leave the platform's own images on an engine that others use too. */
  readonly keepImages?: boolean;
}

const STOP_MS = 45_000;

/** Stops the platform; answers false when nothing was there. Application containers and the edge go on without `purge`. */
export const stopPlatform = (options: DownOptions, output: Output): Promise<boolean> =>
  stayAwake(() => stop(options, output));

const stop = async ({ home, purge = false, keepImages = false }: DownOptions, output: Output): Promise<boolean> => {
  const installation = readInstallation(home);
  if (installation === undefined) return false;
  const paths = pathsOf(installation);
  let ran = false;
  await inStep(output, "Stopping the platform", async () => {
    ran = await askToStop(paths.control);
    ran = (await endLeftovers(installation)) || ran;
  });
  if (purge) await purgeInstallation(installation, keepImages, output);
  return ran || purge;
};

const askToStop = async (control: string): Promise<boolean> => {
  if ((await askSupervisor(control, { op: "stop" })) === undefined) return false;
  const end = performance.now() + STOP_MS;
  while ((await askSupervisor(control, { op: "status" })) !== undefined && performance.now() < end) await delay(100);
  return true;
};

const purgeInstallation = async (installation: Installation, keepImages: boolean, output: Output): Promise<void> => {
  const logger = createLogger({ service: "purge", level: "silent" });
  const engine = dockerEngine({ socketPath: installation.dockerSocket });
  try {
    await inStep(output, "Removing containers, networks, addresses and images", async () => {
      try {
        await purgeNode({
          instance: installation.instance,
          node: installation.node,
          stateDir: pathsOf(installation).nodeState,
          engine,
          logger,
        });
        await removeBuilds(installation, engine);
        if (!keepImages) await removeImages(engine);
      } catch (error) {
        // Without an engine there are no containers either; everything else was removed all the same.
        if (!isSlipwayError(error, "EngineUnavailable")) throw error;
      }
    });
  } finally {
    engine.close();
  }
  await inStep(output, "Removing the engine that was started for it", (step) =>
    purgeEngine(installation.home, (line) => step.progress(line)),
  );
  await inStep(output, "Removing all state", () => removeHome(installation.home));
};

/** Build containers and the images that builds made carry the instance's name. */
const removeBuilds = async (
  { instance, ports }: Installation,
  engine: ReturnType<typeof dockerEngine>,
): Promise<void> => {
  for (const { id } of await engine.containers.list({ labels: { "slipway.instance": instance }, all: true })) {
    await engine.containers.remove(id, { force: true, volumes: true });
  }
  for (const image of await engine.images.list()) {
    const references = [...image.tags, ...image.repoDigests].filter((name) =>
      name.startsWith(`127.0.0.1:${ports.registry}/`),
    );
    for (const reference of references) await removeImage(engine, reference);
  }
  // What builds need beside their sources, as the authorities that they trust.
  for (const { id } of await engine.images.list({ labels: { "slipway.instance": instance } })) {
    await removeImage(engine, id);
  }
};

const removeImage = async (engine: ReturnType<typeof dockerEngine>, reference: string): Promise<void> => {
  await engine.images.remove(reference, { force: true }).catch((error: unknown) => {
    if (!isSlipwayError(error, "ImageNotFound")) throw error;
  });
};

const removeHome = async (home: string): Promise<void> => {
  // Never a folder that is not ours: `up` leaves its mark in each home.
  if (readInstallation(home) === undefined) {
    throw new SlipwayError("FailedPrecondition", `${home} does not look like a home of Slipway: it was left alone.`);
  }
  await rm(home, { recursive: true, force: true });
};
