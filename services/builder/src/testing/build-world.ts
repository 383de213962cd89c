import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bus, LogLine } from "@slipway/bus";
import { type ContainerEngine, dockerEngine } from "@slipway/containers";
import {
  type BuildLive,
  buildDecider,
  type DomainEvent,
  type ImageStreamLive,
  imageStreamDecider,
} from "@slipway/domain";
import type { EventLog, Snapshots } from "@slipway/eventlog";
import { newId, systemClock, systemRandom } from "@slipway/kernel";
import type { BuildSpecJson } from "@slipway/proto";
import { type Component, createLogger, noMetrics } from "@slipway/runtime";
import type { BuildSettings } from "../build/build-settings.ts";
import { createBuilder } from "../builder.ts";
import { busyboxRootfs, S2I_LABELS } from "./builder-image.ts";
import { startTestRegistry, type TestRegistry } from "./test-registry.ts";

/** The log and the bus around a builder. */
interface Platform {
  readonly log: EventLog;
  readonly snapshots: Snapshots;
  readonly bus: Bus;
  append(stream: string, ...events: DomainEvent[]): Promise<number>;
}

/** How a build ended, as its stream tells. */
export interface EndedBuild extends BuildLive {
  readonly types: readonly string[];
  readonly output: string;
  readonly durationMs: number;
}

const INSTANCE = `builder-spec-${process.pid}`;
const PROJECT = "demo";

/** A builder on a real engine and a real registry, with a log and a bus in memory. */
export class BuildWorld {
  readonly engine: ContainerEngine = dockerEngine();
  readonly folder = mkdtempSync(join(tmpdir(), "builder-spec-"));
  readonly instance = INSTANCE;
  readonly builderImage = `${INSTANCE}:s2i`;
  readonly plainImage = `${INSTANCE}:plain`;
  readonly stateDir: string;
  registry!: TestRegistry;
  readonly #platform: Platform;
  #builder: Component | undefined;
  #builds = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.stateDir = join(this.folder, "state");
  }

  async setUp(): Promise<void> {
    this.registry = await startTestRegistry();
    await this.engine.images.importRootfs(busyboxRootfs(), this.builderImage, { changes: S2I_LABELS });
    await this.engine.images.importRootfs(busyboxRootfs({ scripts: false }), this.plainImage);
    await this.engine.networks.ensure({
      name: INSTANCE,
      subnet: `10.232.${process.pid % 250}.0/24`,
      gateway: `10.232.${process.pid % 250}.1`,
      labels: { "slipway.spec": INSTANCE },
    });
    await this.#platform.append(`imagestream/${PROJECT}/web`, {
      type: "ImageStreamCreated",
      data: { imageStream: { kind: "ImageStream", metadata: { name: "web", namespace: PROJECT, uid: newId() } } },
    });
  }

  async startBuilder(settings: Partial<BuildSettings> = {}, concurrency = 2): Promise<void> {
    const { log, snapshots, bus } = this.#platform;
    this.#builder = createBuilder({
      log,
      snapshots,
      bus,
      engine: this.engine,
      settings: {
        instance: INSTANCE,
        stateDir: this.stateDir,
        registry: this.registry,
        buildEnv: {},
        // Not the engine's default network, which other tests on this machine may be busy with.
        buildNetwork: INSTANCE,
        allowFileSources: true,
        fetchTimeoutMs: 60_000,
        maxSourceBytes: 1e9,
        maxArtifactsBytes: 1e9,
        ...settings,
      },
      builderId: "spec",
      concurrency,
      clock: systemClock,
      random: systemRandom,
      logger: createLogger({ service: "builder", level: "silent" }),
      metrics: noMetrics,
    });
    await this.#builder.start(new AbortController().signal);
  }

  async stopBuilder(): Promise<void> {
    await this.#builder?.stop(10_000);
    this.#builder = undefined;
  }

  /** Asks for a build; answers its name. */
  async request(
    spec: BuildSpecJson,
    options: { readonly config?: string; readonly number?: number } = {},
  ): Promise<string> {
    const name = `${options.config ?? `app${++this.#builds}`}-${options.number ?? 1}`;
    const metadata = { name, namespace: PROJECT, uid: newId() };
    await this.#platform.append(`build/${PROJECT}/${name}`, {
      type: "BuildRequested",
      data: { build: { apiVersion: "build.openshift.io/v1", kind: "Build", metadata, spec } },
    });
    return name;
  }

  async append(name: string, ...events: DomainEvent[]): Promise<void> {
    await this.#platform.append(`build/${PROJECT}/${name}`, ...events);
  }

  async cancel(name: string): Promise<void> {
    const { state } = await this.#fold(name);
    if (state.status !== "live") throw new Error(`There is no build ${name}.`);
    await this.append(name, ...buildDecider.decide({ type: "CancelBuild", at: new Date().toISOString() }, state));
  }

  async delete(name: string): Promise<void> {
    const { state } = await this.#fold(name);
    await this.append(name, ...buildDecider.decide({ type: "DeleteBuild" }, state));
  }

  /** Waits for the end of a build. */
  async ended(name: string, withinMs = 60_000): Promise<EndedBuild> {
    const { state, types } = await this.until(name, ({ finishedAt }) => finishedAt !== undefined, withinMs);
    const output = (await this.output(name)).map(({ text }) => text).join("\n");
    const durationMs = Date.parse(state.finishedAt ?? "") - Date.parse(state.startedAt ?? "");
    return { ...state, types, output, durationMs };
  }

  async until(
    name: string,
    wanted: (state: BuildLive, types: readonly string[]) => boolean,
    withinMs = 30_000,
  ): Promise<{ readonly state: BuildLive; readonly types: readonly string[] }> {
    const end = Date.now() + withinMs;
    for (;;) {
      const { state, types } = await this.#fold(name);
      if (state.status === "live" && wanted(state, types)) return { state, types };
      if (Date.now() > end) throw new Error(`Build ${name} is not there yet: ${JSON.stringify(state)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async output(name: string): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    const key = { project: PROJECT, kind: "build", name };
    const { signal } = new AbortController();
    for await (const chunk of this.#platform.bus.logs.read(key, { signal })) lines.push(...chunk.lines);
    return lines;
  }

  async untilOutput(name: string, text: string): Promise<void> {
    const end = Date.now() + 30_000;
    while (!(await this.output(name)).some((line) => line.text === text)) {
      if (Date.now() > end) throw new Error(`The log of ${name} has no line "${text}".`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async imageStream(): Promise<ImageStreamLive> {
    const events = await this.#platform.log.readStream(`imagestream/${PROJECT}/web`);
    const state = events.reduce(
      (at, event) => imageStreamDecider.evolve(at, event as DomainEvent),
      imageStreamDecider.initial,
    );
    if (state.status !== "live") throw new Error("The image stream is gone.");
    return state;
  }

  /** Runs an image and answers what it prints. */
  async run(image: string, args?: readonly string[]): Promise<string> {
    const { containers } = this.engine;
    const { id } = await containers.create({
      image,
      labels: { "slipway.spec": INSTANCE },
      network: { type: "none" },
      ...(args && { args }),
    });
    try {
      await containers.start(id);
      await containers.wait(id);
      const lines: string[] = [];
      for await (const { text } of containers.logs(id)) lines.push(text);
      return lines.join("\n");
    } finally {
      await containers.remove(id, { force: true });
    }
  }

  /** What builds must not leave behind. */
  async leftovers(): Promise<{ readonly containers: number; readonly folders: string[] }> {
    const containers = await this.engine.containers.list({
      labels: { "slipway.instance": INSTANCE, "slipway.role": "build" },
      all: true,
    });
    const folder = join(this.stateDir, "builds");
    return { containers: containers.length, folders: existsSync(folder) ? readdirSync(folder) : [] };
  }

  async tearDown(): Promise<void> {
    await this.stopBuilder();
    for (const image of await this.engine.images.list()) {
      const mine = image.tags.some((tag) => tag.startsWith(INSTANCE) || tag.startsWith(`${this.registry.host}/`));
      if (
        mine ||
        image.labels["slipway.instance"] === INSTANCE ||
        image.labels["io.openshift.build.namespace"] === PROJECT
      ) {
        await this.engine.images.remove(image.id, { force: true }).catch(() => {});
      }
    }
    await this.engine.networks.remove(INSTANCE);
    this.engine.close();
    await this.registry.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #fold(name: string) {
    const events = await this.#platform.log.readStream(`build/${PROJECT}/${name}`);
    const state = events.reduce((at, event) => buildDecider.evolve(at, event as DomainEvent), buildDecider.initial);
    return { state, types: events.map(({ type }) => type) };
  }
}
