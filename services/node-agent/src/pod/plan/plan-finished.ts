import type { PodDraft } from "./pod-draft.ts";
import type { PodInput } from "./pod-input.ts";
import type { PodRecord } from "./pod-record.ts";
import { reportExit } from "./report-exit.ts";

/** A pod that ended by itself holds no address any more; its dead containers stay, for their logs, until it is deleted. */
export const planFinished = (draft: PodDraft, input: PodInput, finished: NonNullable<PodRecord["finished"]>): void => {
  for (const container of input.observed.containers.toReversed()) {
    if (container.state === "running") draft.stop(container, 0, "Deleted");
    else if (container.state === "dead") reportExit(draft, container);
  }
  for (const sandbox of input.observed.sandboxes) draft.actions.push({ type: "remove", id: sandbox.id });
  if (draft.reported.finished) return;
  draft.reported = { ...draft.reported, finished: true };
  const { succeeded, message, at } = finished;
  if (succeeded) draft.events.add("PodSucceeded", "", { at });
  else draft.events.add("PodFailed", "", { reason: "", message, at });
};
