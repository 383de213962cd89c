import { asSlipwayError, type Clock, SlipwayError, type Timer } from "@slipway/kernel";
import { debounce } from "@slipway/reconcile";
import type { Component, Logger } from "@slipway/runtime";
import { readIfThere, replaceFile } from "../host/files.ts";
import type { Traffic, TrafficDirector } from "../traffic/traffic.ts";
import type { EdgePaths } from "./edge-paths.ts";
import type { HaproxyProcess } from "./haproxy-process.ts";
import { type EdgeBackend, edgeBackends } from "./plan/edge-backends.ts";
import { type EdgeSlots, planSlots } from "./plan/edge-slots.ts";
import { haproxyConfig, haproxyMap } from "./plan/haproxy-config.ts";
import { parseServerStates } from "./plan/server-states.ts";

/** Keeps the node's HAProxy as the routes and their pods are. */
export interface Edge extends Component, TrafficDirector {
  /** What is wrong with it, in a few words. */
  problem(): string | undefined;
}

export interface EdgeOptions {
  readonly traffic: Pick<Traffic, "endpoints" | "draining">;
  readonly process: HaproxyProcess;
  /** The admin socket of the running HAProxy. */
  readonly command: (commands: readonly string[]) => Promise<string>;
  readonly paths: EdgePaths;
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RETRY_MS = 1_000;
/** While HAProxy is dead no route answers; to look whether it lives takes two small reads. */
const LOOK_MS = 250;

export const edge = (options: EdgeOptions): Edge => {
  const { traffic, process, command, paths, clock, logger } = options;
  /** What the running HAProxy has; nothing known means: read it, or start anew. */
  let slots: EdgeSlots | undefined;
  let problem: string | undefined;
  let ready = false;
  let stopped = false;
  let timer: Timer | undefined;

  const configFor = (backends: readonly EdgeBackend[], now: EdgeSlots): string =>
    haproxyConfig(backends, now, {
      host: options.host,
      port: options.port,
      socket: paths.socket,
      mapFile: paths.map,
      ...(options.user !== undefined && { user: options.user }),
    });

  /** The slots of a HAProxy that an earlier agent left running, if its configuration differs by servers alone. */
  const adopt = async (backends: readonly EdgeBackend[]): Promise<EdgeSlots | undefined> => {
    if ((await process.pid()) === undefined) return undefined;
    const found = parseServerStates(await command(["show servers state"]));
    const written = await readIfThere(paths.config);
    if (found === undefined || written === undefined) return undefined;
    return shape(written) === shape(configFor(backends, found)) ? found : undefined;
  };

  const turn = async (): Promise<void> => {
    const backends = edgeBackends(traffic.endpoints(), traffic.draining);
    slots ??= await adopt(backends);
    const change = planSlots(slots ?? new Map(), backends);
    const restart = slots === undefined || change.reload || (await process.pid()) === undefined;
    if (!restart && change.commands.length === 0) return;
    await replaceFile(paths.config, configFor(backends, change.slots));
    await replaceFile(paths.map, haproxyMap(backends), 0o644);
    if (restart) {
      await process.startOrReload();
      logger.info({ routes: backends.length }, "the edge has other routes");
    } else {
      const said = await command(change.commands);
      if (/unknown|can't find|no such|require|invalid/i.test(said)) {
        throw new SlipwayError("Internal", `The edge's HAProxy refused a change: ${said}`);
      }
    }
    slots = change.slots;
  };

  const turns = debounce({
    clock,
    gapMs: 5,
    maxMs: 50,
    run: async () => {
      if (!ready) return;
      try {
        await turn();
        problem = undefined;
      } catch (cause) {
        const error = asSlipwayError(cause);
        if (problem !== error.message) logger.error({ error }, "the edge could not be changed");
        problem = error.message;
        slots = undefined;
        clock.schedule(RETRY_MS, () => turns.nudge());
      }
    },
  });

  /** Nobody says when it dies: it is not the agent's child, so that it outlives the agent. */
  const look = async (): Promise<void> => {
    const lives = (await process.pid()) !== undefined;
    if (stopped) return;
    // One that does not start is tried again by the turn itself.
    if (!lives && problem === undefined) turns.nudge();
    timer = clock.schedule(LOOK_MS, () => void look());
  };

  return {
    name: "edge",
    nudge: turns.nudge,
    flush: turns.flush,
    problem: () => problem,
    start: async () => {
      ready = true;
      turns.nudge();
      await turns.flush();
      void look();
    },
    stop: async () => {
      stopped = true;
      timer?.cancel();
      await turns.stop();
    },
  };
};

/** A configuration without its servers' addresses: those are changed in the running process. */
const shape = (config: string): string => config.replace(/^( {2}server \S+) .*$/gm, "$1");
