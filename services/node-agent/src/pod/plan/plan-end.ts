import type { PodDraft } from "./pod-draft.ts";
import type { PodInput, PodWish } from "./pod-input.ts";
import { reportExit } from "./report-exit.ts";

/** A pod that is to end: no traffic, then the stop signal, then KILL at the end of the grace, then nothing is left. */
export const planEnd = (draft: PodDraft, input: PodInput, wish: Extract<PodWish, { type: "end" }>): void => {
  const { observed } = input;
  const running = observed.containers.filter((container) => container.state === "running");

  for (const container of running) {
    // What this agent knows as not ready gets no traffic; anything else must be said.
    if (draft.reportedOf(container.name).ready === false) continue;
    draft.report(container.name, { ready: false });
    draft.events.add("ContainerNotReady", `${container.id}/deleted`, {
      container: container.name,
      reason: "Terminating",
      message: "The pod is being deleted.",
      at: draft.at,
    });
  }
  for (const container of observed.containers.toReversed()) {
    if (container.state === "dead") reportExit(draft, container);
  }

  if (running.length > 0) {
    if (!input.drained && wish.graceSeconds > 0) {
      draft.actions.push({ type: "drain" });
      return;
    }
    for (const container of running) draft.stop(container, wish.graceSeconds * 1_000, "Deleted");
    return;
  }
  const left = [...observed.containers, ...observed.sandboxes];
  if (left.length > 0) {
    for (const { id } of left) draft.actions.push({ type: "remove", id });
    return;
  }
  if (draft.reported.stopped) return;
  draft.actions.push({ type: "clean" });
  draft.lastEvents.add("PodStopped", input.node, { node: input.node, at: draft.at });
};
