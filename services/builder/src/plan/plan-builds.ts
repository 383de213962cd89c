/** What the plan must know of a build. */
export interface BuildFacts {
  readonly project: string;
  readonly name: string;
  readonly uid: string;
  /** The build config it belongs to; its own name without one. */
  readonly config: string;
  readonly number: number;
  /** Runs alone among the builds of its config. */
  readonly serial: boolean;
  readonly phase: "new" | "running" | "finished";
  /** Who took it: `<builder>/<session>`. */
  readonly builder?: string;
  readonly cancelRequested: boolean;
  /** Position at which it was asked for. */
  readonly order: number;
  /** When its time is up; absent without a limit or before its start. */
  readonly deadlineMs?: number;
}

export interface PlanInput {
  readonly builds: readonly BuildFacts[];
  /** This builder's name, the same after a restart. */
  readonly builder: string;
  /** Uids of the builds that this process runs. */
  readonly running: ReadonlySet<string>;
  /** How many builds may run at the same time here. */
  readonly limit: number;
  readonly nowMs: number;
}

/** One thing to do. */
export type BuildStep =
  | { readonly type: "take"; readonly build: BuildFacts }
  /** This builder ran it before it was restarted. */
  | { readonly type: "retake"; readonly build: BuildFacts }
  | { readonly type: "stop"; readonly uid: string; readonly why: "cancelled" | "deleted" }
  /** Nobody runs it any more, so the request to cancel it is its end. */
  | { readonly type: "finish-cancelled"; readonly build: BuildFacts }
  /** Its time is up and nobody runs it here. */
  | { readonly type: "expire"; readonly build: BuildFacts };

/** How long another builder may be late with the end of its build before this one writes it. */
const FOREIGN_GRACE_MS = 60_000;

/**
 * What to do now, from the state alone:
 * 1. builds that run here but are cancelled, ended or gone are stopped;
 * 2. builds that this builder had before a restart are ended if they shall be, else taken again;
 * 3. free places go to new builds, oldest first; a serial one waits for all earlier ones of its config.
 */
export const planBuilds = (input: PlanInput): readonly BuildStep[] => {
  const { builds, running } = input;
  const live = builds.filter(({ phase }) => phase !== "finished");
  const steps: BuildStep[] = [...stops(live, running)];
  let free = input.limit - running.size;
  for (const build of live) {
    if (build.phase !== "running" || running.has(build.uid)) continue;
    const step = orphanStep(build, input);
    if (step?.type === "retake" && free-- <= 0) continue;
    if (step !== undefined) steps.push(step);
  }
  for (const build of waiting(live)) {
    if (free <= 0) break;
    if (running.has(build.uid)) continue;
    steps.push({ type: "take", build });
    free--;
  }
  return steps;
};

const stops = (live: readonly BuildFacts[], running: ReadonlySet<string>): BuildStep[] => {
  const byUid = new Map(live.map((build) => [build.uid, build]));
  return [...running].flatMap((uid): BuildStep[] => {
    const build = byUid.get(uid);
    if (build === undefined) return [{ type: "stop", uid, why: "deleted" }];
    return build.cancelRequested ? [{ type: "stop", uid, why: "cancelled" }] : [];
  });
};

const orphanStep = (build: BuildFacts, { builder, nowMs }: PlanInput): BuildStep | undefined => {
  const mine = build.builder === builder || build.builder?.startsWith(`${builder}/`) === true;
  const lateMs = build.deadlineMs === undefined ? Number.NEGATIVE_INFINITY : nowMs - build.deadlineMs;
  if (!mine) return lateMs > FOREIGN_GRACE_MS ? { type: "expire", build } : undefined;
  if (build.cancelRequested) return { type: "finish-cancelled", build };
  return lateMs >= 0 ? { type: "expire", build } : { type: "retake", build };
};

/** New builds that nothing holds back, oldest first. */
const waiting = (live: readonly BuildFacts[]): BuildFacts[] => {
  const configs = new Map<string, BuildFacts[]>();
  for (const build of live) {
    const key = `${build.project}/${build.config}`;
    const siblings = configs.get(key);
    if (siblings === undefined) configs.set(key, [build]);
    else siblings.push(build);
  }
  const ready: BuildFacts[] = [];
  for (const siblings of configs.values()) {
    siblings.sort((a, b) => a.number - b.number || a.order - b.order);
    const runs = siblings.filter(({ phase }) => phase === "running");
    let serialBefore = runs.some(({ serial }) => serial);
    let anyBefore = runs.length > 0;
    for (const build of siblings) {
      if (build.phase !== "new") continue;
      if (!serialBefore && !(build.serial && anyBefore)) ready.push(build);
      serialBefore ||= build.serial;
      anyBefore = true;
    }
  }
  return ready.sort((a, b) => a.order - b.order);
};
