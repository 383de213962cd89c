import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { backoffDelayMs, delay, type Random, SlipwayError, systemRandom } from "@slipway/kernel";
import type { Part } from "./parts.ts";
import { probe } from "./probe.ts";
import { endRecorded, recordProcess } from "./process-record.ts";
import { RotatingLog } from "./rotating-log.ts";

/** What is to be seen of one process of the platform. */
export interface PartState {
  readonly name: string;
  readonly state: "starting" | "ready" | "waiting" | "stopped";
  readonly pid?: number;
  readonly restarts: number;
  /** Why it is not ready. */
  readonly message?: string;
}

export interface KeptProcessOptions {
  readonly part: Part;
  readonly logFile: string;
  /** Holds the process's id while it runs, so that one left by a dead supervisor is found. */
  readonly recordFile: string;
  readonly random?: Random;
  /** How long a question of whether it is ready may take. Default 2,000. */
  readonly probeTimeoutMs?: number;
  readonly onEvent?: (message: string, fields: Record<string, unknown>) => void;
}

/** The first restart is nearly at once; a process that cannot stay up is tried every 15 s. */
const BACKOFF = { initialMs: 200, maxMs: 15_000, jitter: 0.2 };

/** A process that ran this long was well; its next end counts as the first. */
const HEALTHY_AFTER_MS = 60_000;

const PROBE_EVERY_MS = 100;

/** A part that was ready and then leaves this many questions in a row unanswered hangs: it is ended and started again. */
const MOST_SILENT_PROBES = 15;

/**
 * Keeps one process running until `stop`:
 *
 *   starting ──ready url answers──▶ ready ──exit──▶ waiting (back-off) ──▶ starting …      stop ──▶ stopped
 *
 * One that was ready and hangs, or whose state was taken away under it, is ended.
 */
export class KeptProcess {
  readonly #options: KeptProcessOptions;
  readonly #stopping = new AbortController();
  readonly #log: RotatingLog;
  #child: ChildProcess | undefined;
  #running: Promise<void> | undefined;
  #state: PartState["state"] = "starting";
  #message: string | undefined;
  #restarts = 0;
  #lastLines: string[] = [];

  constructor(options: KeptProcessOptions) {
    this.#options = options;
    this.#log = new RotatingLog(options.logFile);
  }

  state(): PartState {
    return {
      name: this.#options.part.name,
      state: this.#state,
      restarts: this.#restarts,
      ...(this.#child?.pid === undefined ? {} : { pid: this.#child.pid }),
      ...(this.#message === undefined ? {} : { message: this.#message }),
    };
  }

  /** Starts it, after ending one that an earlier supervisor left, and waits until it is ready; fails after `withinMs`. */
  async start(withinMs: number): Promise<void> {
    const { part, recordFile } = this.#options;
    await endRecorded(recordFile, part.stopMs);
    this.#running = this.#keep();
    const end = performance.now() + withinMs;
    while (this.#state !== "ready") {
      // A process that ends again and again before it was ever ready has a reason that time does not mend.
      const hopeless = this.#restarts >= 3 || performance.now() > end;
      if (hopeless || this.#stopping.signal.aborted) throw this.#startFailed();
      await delay(PROBE_EVERY_MS, this.#stopping.signal).catch(() => {});
    }
  }

  /** Asks it to end, ends it the hard way when it takes too long, and lets it stay ended. */
  async stop(): Promise<void> {
    if (this.#state === "stopped") return;
    this.#stopping.abort();
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const hard = setTimeout(() => child.kill("SIGKILL"), this.#options.part.stopMs);
      child.kill("SIGTERM");
      await this.#running;
      clearTimeout(hard);
    }
    await this.#running;
    this.#state = "stopped";
    this.#log.close();
  }

  /** Ends it at once, without a word. */
  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      const exit = await this.#runOnce();
      if (signal.aborted) return;
      failures = performance.now() - startedAt > HEALTHY_AFTER_MS ? 1 : failures + 1;
      this.#restarts++;
      this.#state = "waiting";
      const delayMs = backoffDelayMs(BACKOFF, failures, this.#options.random ?? systemRandom);
      this.#message = `ended (${exit}); next start in ${delayMs} ms`;
      this.#options.onEvent?.("part ended", {
        part: this.#options.part.name,
        exit,
        delayMs,
        lastLine: this.#lastLines.at(-1),
      });
      await delay(delayMs, signal).catch(() => {});
    }
  }

  async #runOnce(): Promise<string> {
    const { part, recordFile } = this.#options;
    this.#state = "starting";
    this.#lastLines = [];
    const child = spawn(part.command, part.args, { env: { ...part.env }, stdio: ["ignore", "pipe", "pipe"], cwd: "/" });
    this.#child = child;
    const ended = new Promise<string>((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => this.#take(chunk));
    if (child.pid !== undefined) await recordProcess(recordFile, child.pid);
    const watch = new AbortController();
    void this.#watchReadiness(watch.signal);
    const exit = await ended;
    watch.abort();
    rmSync(recordFile, { force: true });
    return exit;
  }

  async #watchReadiness(signal: AbortSignal): Promise<void> {
    const { part, probeTimeoutMs, onEvent } = this.#options;
    let wasReady = false;
    let silent = 0;
    while (!signal.aborted) {
      const problem = await probe(part.readyUrl, probeTimeoutMs);
      if (signal.aborted) return;
      wasReady ||= problem === undefined;
      silent = problem?.silent && wasReady ? silent + 1 : 0;
      this.#state = problem === undefined ? "ready" : "starting";
      this.#message = problem?.message;
      const reason =
        silent >= MOST_SILENT_PROBES ? "it hangs" : wasReady && stateIsGone(part) ? "its state is gone" : "";
      if (reason !== "") {
        onEvent?.("part given up", { part: part.name, reason });
        this.kill();
        return;
      }
      await delay(problem === undefined ? 1_000 : PROBE_EVERY_MS, signal).catch(() => {});
    }
  }

  #take(chunk: Buffer): void {
    this.#log.write(chunk);
    this.#lastLines = [...this.#lastLines, ...chunk.toString("utf8").split("\n").filter(Boolean)].slice(-5);
  }

  #startFailed(): SlipwayError {
    const { part, logFile } = this.#options;
    const why = lastWords(this.#lastLines) ?? this.#message ?? "it did not become ready in time";
    return new SlipwayError("StartFailed", `${part.name} did not start: ${why.slice(0, 500)} (its log: ${logFile})`, {
      fields: { part: part.name },
    });
  }
}

const stateIsGone = ({ stateFolder }: Part): boolean => stateFolder !== undefined && !existsSync(stateFolder);

/** What a process said last, taken out of a line of JSON where it is one; a stack's own lines say nothing. */
const lastWords = (lines: readonly string[]): string | undefined => {
  const line = lines.findLast((each) => !/^\s|^Node\.js v|^[\]})]/.test(each)) ?? lines.at(-1);
  try {
    const { msg, error } = JSON.parse(line ?? "") as { msg?: string; error?: { message?: string } | string };
    const detail = typeof error === "string" ? error : error?.message;
    return [msg, detail].filter(Boolean).join(": ") || line;
  } catch {
    return line;
  }
};
