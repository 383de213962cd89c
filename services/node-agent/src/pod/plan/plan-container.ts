import type { ContainerJson } from "@slipway/proto";
import type { ObservedContainer, ObservedSandbox } from "./observed-pod.ts";
import { planRunning } from "./plan-running.ts";
import { planStart } from "./plan-start.ts";
import type { PodDraft } from "./pod-draft.ts";
import type { PodInput } from "./pod-input.ts";
import { reportExit } from "./report-exit.ts";
import { type RestartVerdict, restartVerdict } from "./restart.ts";

/** The surroundings of one container of a pod that is to run. */
export interface ContainerPlace {
  readonly container: ContainerJson;
  /** Running; absent while there is none. */
  readonly sandbox: ObservedSandbox | undefined;
  readonly policy: string;
  readonly graceMs: number;
}

export type ContainerEnd =
  | { readonly ended: false }
  | { readonly ended: true; readonly succeeded: boolean; readonly message: string };

const GOES_ON: ContainerEnd = { ended: false };

/** The next step of one container; answers whether it has ended for good. */
export const planContainer = (draft: PodDraft, input: PodInput, place: ContainerPlace): ContainerEnd => {
  const name = place.container.name ?? "";
  const runs = input.observed.containers.filter((container) => container.name === name);
  const [newest, ...older] = runs;
  tidy(draft, older);
  if (newest !== undefined) rememberRun(draft, newest);

  if (newest?.state === "running") {
    planRunning(draft, input, place, newest);
    return GOES_ON;
  }
  if (newest?.state === "made") {
    const { sandbox } = place;
    if (sandbox === undefined) return GOES_ON;
    if (newest.sandboxId === sandbox.id)
      draft.actions.push({ type: "start-container", container: name, id: newest.id });
    else draft.actions.push({ type: "remove", id: newest.id });
    return GOES_ON;
  }

  const dead = newest ?? vanished(draft, name);
  if (dead === undefined) {
    planStart(draft, input, place, { restartCount: 0, backoffStep: 0 });
    return GOES_ON;
  }
  reportExit(draft, dead);
  const verdict = verdictOn(draft, place, dead);
  if (verdict.restart === "never") {
    return { ended: true, succeeded: dead.exitCode === 0, message: `container ${name} exited with ${dead.exitCode}` };
  }
  if (verdict.atMs > draft.nowMs) {
    const pod = `${draft.record.name}_${draft.record.project}(${draft.record.uid})`;
    const message = `back-off ${verdict.delayMs / 1_000}s restarting failed container=${name} pod=${pod}`;
    draft.waiting(name, "CrashLoopBackOff", message, dead.id);
    draft.wakeAt(verdict.atMs);
    return GOES_ON;
  }
  const restartCount = Math.max(draft.containerRecord(name)?.runs ?? 0, dead.restartCount + 1);
  planStart(draft, input, place, { restartCount, backoffStep: verdict.step });
  return GOES_ON;
};

/** The last dead one stays, so that its logs can be asked for; those before it go once their end is told. */
const tidy = (draft: PodDraft, older: readonly ObservedContainer[]): void => {
  for (const container of older.toReversed()) {
    if (container.state === "dead") reportExit(draft, container);
    if (container !== older[0] || container.state !== "dead") draft.actions.push({ type: "remove", id: container.id });
  }
};

const rememberRun = (draft: PodDraft, { id, name, restartCount, startedAt, backoffStep }: ObservedContainer): void => {
  const known = draft.containerRecord(name);
  if (known !== undefined && known.lastId === id && known.lastStartedAt === startedAt) return;
  const runs = Math.max(known?.runs ?? 0, restartCount + 1);
  draft.remember(name, { runs, lastId: id, lastStartedAt: startedAt, backoffStep });
};

/** A run that was made and is on the engine no more: somebody removed it, which counts as killed. */
const vanished = (draft: PodDraft, name: string): ObservedContainer | undefined => {
  const known = draft.containerRecord(name);
  if (known === undefined || known.lastId === "") return undefined;
  return {
    id: known.lastId,
    name,
    restartCount: known.runs - 1,
    backoffStep: known.backoffStep,
    specHash: "",
    sandboxId: draft.record.sandboxId ?? "",
    stopSignal: "",
    image: "",
    imageId: "",
    state: "dead",
    cannotRun: false,
    exitCode: 137,
    oomKilled: false,
    error: "",
    startedAt: known.lastStartedAt,
    finishedAt: draft.at,
    logTail: "The container was removed from the engine by something else than Slipway.",
  };
};

/** Ends that are not the container's fault are no reason to wait. */
const verdictOn = (draft: PodDraft, place: ContainerPlace, dead: ObservedContainer): RestartVerdict => {
  const again: RestartVerdict = { restart: "at", atMs: draft.nowMs, delayMs: 0, step: dead.backoffStep };
  if (draft.record.stopping[dead.id]?.reason === "SpecChanged") return again;
  const verdict = restartVerdict(place.policy, dead);
  const sandboxLost = place.sandbox !== undefined && dead.sandboxId !== place.sandbox.id;
  return sandboxLost && verdict.restart === "at" ? again : verdict;
};
