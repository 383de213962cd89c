import type { AssignmentValue } from "@slipway/domain";
import type { ContainerJson } from "@slipway/proto";
import type { ObservedSandbox } from "./observed-pod.ts";
import { planContainer } from "./plan-container.ts";
import type { PodDraft } from "./pod-draft.ts";
import type { PodInput } from "./pod-input.ts";

/** A pod that is to run: one living sandbox, and every container running in it, ended for good, or waiting for its turn. */
export const planRun = (draft: PodDraft, input: PodInput, value: AssignmentValue): void => {
  const spec = value.pod.spec ?? {};
  const wanted = spec.containers ?? [];
  removeStrangers(draft, input, wanted);

  const sandbox = input.observed.sandboxes.find(({ running }) => running);
  for (const other of input.observed.sandboxes) {
    if (other.id !== sandbox?.id) draft.actions.push({ type: "remove", id: other.id });
  }
  reportSandbox(draft, input, sandbox);

  const graceMs = (spec.terminationGracePeriodSeconds ?? 30) * 1_000;
  const policy = spec.restartPolicy || "Always";
  const ends = wanted.map((container) => planContainer(draft, input, { container, sandbox, policy, graceMs }));
  if (wanted.length > 0 && ends.every((end) => end.ended)) {
    const failed = ends.filter((end) => !end.succeeded);
    const message = failed.map((end) => end.message).join("; ");
    draft.record = { ...draft.record, finished: { succeeded: failed.length === 0, message, at: draft.at } };
    // Told in the next step, which begins at once.
    draft.wakeAt(draft.nowMs);
    return;
  }
  if (sandbox === undefined && mayTrySandbox(draft, input, wanted)) {
    draft.actions.push({ type: "make-sandbox", count: draft.record.sandboxes });
    draft.record = { ...draft.record, sandboxes: draft.record.sandboxes + 1 };
  }
};

/** A sandbox that could not be started is why no container runs, and is tried again a little later. */
const mayTrySandbox = (draft: PodDraft, input: PodInput, wanted: readonly ContainerJson[]): boolean => {
  const { sandboxFailure: failure } = input;
  if (failure === undefined) return true;
  for (const { name = "" } of wanted) draft.waiting(name, failure.reason, failure.message, String(failure.failedAtMs));
  if (failure.retryAtMs <= draft.nowMs) return true;
  draft.wakeAt(failure.retryAtMs);
  return false;
};

/** Containers that the pod does not name do not belong there. */
const removeStrangers = (draft: PodDraft, input: PodInput, wanted: readonly ContainerJson[]): void => {
  const names = new Set(wanted.map(({ name }) => name));
  for (const container of input.observed.containers) {
    if (!names.has(container.name)) draft.actions.push({ type: "remove", id: container.id });
  }
};

const reportSandbox = (draft: PodDraft, input: PodInput, sandbox: ObservedSandbox | undefined): void => {
  const { record, reported } = draft;
  const count = Math.max(record.sandboxes, ...input.observed.sandboxes.map((seen) => seen.count + 1));
  if (
    record.sandboxId !== undefined &&
    record.sandboxId !== sandbox?.id &&
    reported.lostSandboxId !== record.sandboxId
  ) {
    draft.reported = { ...draft.reported, lostSandboxId: record.sandboxId };
    draft.events.add("PodSandboxLost", record.sandboxId, {
      node: input.node,
      reason: "The pod's sandbox does not run any more; everything in the pod starts anew.",
      at: draft.at,
    });
  }
  // The record is written to disk when it changed, so it must not look changed for nothing.
  if (count !== record.sandboxes) draft.record = { ...draft.record, sandboxes: count };
  if (sandbox === undefined) return;
  if (sandbox.id !== record.sandboxId) draft.record = { ...draft.record, sandboxId: sandbox.id };
  if (reported.sandboxId === sandbox.id) return;
  draft.reported = { ...draft.reported, sandboxId: sandbox.id };
  draft.events.add("PodSandboxStarted", sandbox.id, {
    node: input.node,
    podIP: sandbox.ip,
    hostIP: input.hostIP,
    sandboxId: sandbox.id,
    at: sandbox.startedAt,
  });
};
