import type { Clock, Random, Timer } from "@slipway/kernel";
import type { ContainerJson, ProbeJson } from "@slipway/proto";
import type { ProbeVerdict } from "../pod/plan/pod-input.ts";
import { advanceProbe, PROBE_START, type ProbeState, probeTarget, probeTiming } from "./plan/probe-state.ts";
import type { RunProbe } from "./run-probe.ts";

/** A container that runs and has probes. */
interface Probed {
  readonly containerId: string;
  readonly container: ContainerJson;
  readonly podIP: string;
  readonly startedAtMs: number;
}

/** Knocks at running containers for as long as they are named. */
export interface Prober {
  /** The running containers of one pod now: new ones are probed from here on, those not named no more. */
  sync(uid: string, running: readonly Probed[]): void;
  /** By container id. */
  verdicts(uid: string): ReadonlyMap<string, ProbeVerdict>;
  stop(): void;
}

interface Watch {
  readonly liveness: ProbeLoop | undefined;
  readonly readiness: ProbeLoop | undefined;
}

export const prober = (options: {
  readonly run: RunProbe;
  /** A verdict changed. */
  readonly onVerdict: (uid: string) => void;
  readonly clock: Clock;
  readonly random: Random;
}): Prober => {
  const pods = new Map<string, Map<string, Watch>>();

  const begin = (uid: string, probed: Probed): Watch => {
    const onVerdict = () => options.onVerdict(uid);
    const loop = (probe: ProbeJson | undefined, eager: boolean) =>
      probe === undefined ? undefined : new ProbeLoop({ ...options, probe, eager, probed, onVerdict });
    const { livenessProbe, readinessProbe } = probed.container;
    return { liveness: loop(livenessProbe, false), readiness: loop(readinessProbe, true) };
  };

  const end = ({ liveness, readiness }: Watch): void => {
    liveness?.stop();
    readiness?.stop();
  };

  return {
    sync: (uid, running) => {
      const watches = pods.get(uid) ?? new Map<string, Watch>();
      const named = new Set(running.map(({ containerId }) => containerId));
      for (const [id, watch] of watches) {
        if (named.has(id)) continue;
        end(watch);
        watches.delete(id);
      }
      for (const probed of running) {
        const { livenessProbe, readinessProbe } = probed.container;
        if (watches.has(probed.containerId) || (livenessProbe ?? readinessProbe) === undefined) continue;
        watches.set(probed.containerId, begin(uid, probed));
      }
      if (watches.size > 0) pods.set(uid, watches);
      else pods.delete(uid);
    },
    verdicts: (uid) => new Map([...(pods.get(uid) ?? [])].map(([id, watch]) => [id, verdictOf(watch)])),
    stop: () => {
      for (const watches of pods.values()) for (const watch of watches.values()) end(watch);
      pods.clear();
    },
  };
};

const verdictOf = ({ liveness, readiness }: Watch): ProbeVerdict => ({
  ...(readiness?.state.verdict !== undefined && { ready: readiness.state.verdict }),
  ...(readiness?.state.verdict === false && { readyMessage: `Readiness probe failed: ${readiness.state.message}` }),
  ...(liveness?.state.verdict === false && { livenessFailure: `Liveness probe failed: ${liveness.state.message}` }),
});

interface ProbeLoopOptions {
  readonly run: RunProbe;
  readonly probe: ProbeJson;
  readonly probed: Probed;
  readonly eager: boolean;
  readonly onVerdict: () => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** One probe of one container: a knock each period, never two at once. */
class ProbeLoop {
  state: ProbeState = PROBE_START;
  #timer: Timer | undefined;
  #stopped = false;
  readonly #options: ProbeLoopOptions;

  constructor(options: ProbeLoopOptions) {
    this.#options = options;
    const { clock, probe, probed, random } = options;
    const { initialDelayMs, periodMs } = probeTiming(probe);
    const ranMs = clock.now() - probed.startedAtMs;
    // A container that has run for long was here before this agent; not all of them are asked in one moment.
    const adopted = ranMs > initialDelayMs + periodMs;
    this.#schedule(adopted ? random() * Math.min(periodMs, 5_000) : Math.max(0, initialDelayMs - ranMs));
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#options.clock.schedule(delayMs, () => void this.#knock());
  }

  async #knock(): Promise<void> {
    const { run, probe, probed, onVerdict, clock } = this.#options;
    const timing = probeTiming(probe);
    const startMs = clock.now();
    const result = await run(probeTarget(probe, probed.container, probed.podIP), probed.containerId, timing.timeoutMs);
    if (this.#stopped) return;
    const before = this.state.verdict;
    this.state = advanceProbe(this.state, result, timing);
    if (this.state.verdict !== before) onVerdict();
    const waitMs = this.#eager() ? Math.min(timing.periodMs, EAGER_PERIOD_MS) : timing.periodMs;
    this.#schedule(Math.max(0, waitMs - (clock.now() - startMs)));
  }

  /** A young pod that was never ready is asked more often: waiting a whole period would only make its start slow. */
  #eager(): boolean {
    const { eager, probed, clock } = this.#options;
    return eager && this.state.verdict !== true && clock.now() - probed.startedAtMs < EAGER_FOR_MS;
  }
}

const EAGER_PERIOD_MS = 1_000;
const EAGER_FOR_MS = 30_000;
