import { exitFacts } from "./container-exit.ts";
import type { ObservedContainer } from "./observed-pod.ts";
import type { PodDraft } from "./pod-draft.ts";

/** Tells the end of a container, once; the start as well when it came and went between two looks. */
export const reportExit = (draft: PodDraft, container: ObservedContainer): void => {
  const { id, name } = container;
  if (draft.reportedOf(name).exitedId === id || draft.record.toldExits.includes(id)) return;
  if (!container.cannotRun) reportStart(draft, container);
  draft.report(name, { exitedId: id, ready: false });
  draft.events.add("ContainerExited", id, {
    container: name,
    containerID: id,
    ...exitFacts(container, draft.record.stopping[id]?.reason),
    startedAt: container.startedAt,
    finishedAt: container.finishedAt,
  });
};

/** Tells that a container runs, once. */
export const reportStart = (draft: PodDraft, container: ObservedContainer): void => {
  const { id, name } = container;
  const reported = draft.reportedOf(name);
  if (reported.startedId === id) return;
  draft.reported = {
    ...draft.reported,
    containers: {
      ...draft.reported.containers,
      [name]: { startedId: id, ...(reported.exitedId !== undefined && { exitedId: reported.exitedId }) },
    },
  };
  draft.events.add("ContainerStarted", id, {
    container: name,
    containerID: id,
    image: container.image,
    imageID: container.imageId,
    restartCount: container.restartCount,
    at: container.startedAt,
  });
};
