import type { ObservedContainer } from "./observed-pod.ts";
import type { ContainerPlace } from "./plan-container.ts";
import type { PodDraft } from "./pod-draft.ts";
import type { PodInput } from "./pod-input.ts";
import { reportStart } from "./report-exit.ts";

/** A container that runs: told, its readiness told, and stopped when it should not go on as it is. */
export const planRunning = (
  draft: PodDraft,
  input: PodInput,
  place: ContainerPlace,
  running: ObservedContainer,
): void => {
  reportStart(draft, running);
  const reason = reasonToStop(draft, input, place, running);
  if (reason === undefined) {
    reportReadiness(draft, input, place, running);
    return;
  }
  // Without its sandbox it has no network: nothing in it can end in good order.
  draft.stop(running, reason === "SandboxLost" ? 0 : place.graceMs, reason);
};

const reasonToStop = (
  draft: PodDraft,
  input: PodInput,
  { sandbox }: ContainerPlace,
  running: ObservedContainer,
): string | undefined => {
  if (running.sandboxId !== sandbox?.id) return "SandboxLost";
  const already = draft.record.stopping[running.id]?.reason;
  if (already !== undefined) return already;
  if (input.probes.get(running.id)?.livenessFailure !== undefined) return "LivenessProbeFailed";
  return input.specHashes.get(running.name) === running.specHash ? undefined : "SpecChanged";
};

const reportReadiness = (draft: PodDraft, input: PodInput, place: ContainerPlace, running: ObservedContainer): void => {
  const probe = input.probes.get(running.id);
  const ready = place.container.readinessProbe === undefined ? true : probe?.ready;
  if (ready === undefined || draft.reportedOf(running.name).ready === ready) return;
  draft.report(running.name, { ready });
  const { name: container, id } = running;
  const about = place.container.readinessProbe === undefined ? id : `${id}/${draft.nowMs}`;
  if (ready) draft.events.add("ContainerReady", about, { container, at: draft.at });
  else {
    const message = probe?.readyMessage ?? "";
    draft.events.add("ContainerNotReady", about, { container, reason: "ReadinessProbeFailed", message, at: draft.at });
  }
};
