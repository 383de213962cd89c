import type { ClusterFollower, Entry } from "@slipway/cluster";
import type { ContainerSeen, PodLive } from "@slipway/domain";
import { deferred, raceSignal, SlipwayError } from "@slipway/kernel";

/** How far a container of a pod has come. */
type Progress = "waits" | "has run" | "never will" | "is gone";

const seenOf = (
  follower: Pick<ClusterFollower, "state">,
  pod: Entry<PodLive>,
  name: string,
): ContainerSeen | undefined => follower.state.podStatuses.get(pod.project, pod.name)?.state.containers[name];

const progressOf = (follower: Pick<ClusterFollower, "state">, pod: Entry<PodLive>, container: string): Progress => {
  const now = follower.state.pods.get(pod.project, pod.name);
  if (now === undefined || now.state.pod.metadata?.uid !== pod.state.pod.metadata?.uid) return "is gone";
  const seen = seenOf(follower, pod, container);
  if (seen?.running !== undefined || seen?.lastEnd !== undefined) return "has run";
  const finished = follower.state.podStatuses.get(pod.project, pod.name)?.state.finished !== undefined;
  return finished ? "never will" : "waits";
};

/**
 * Waits until a container has begun to run for the first time; true: there is something to read. Without `wait` a
 * container that has not run yet is refused, with the reason.
 */
export const awaitRun = async (
  follower: Pick<ClusterFollower, "state" | "onChange">,
  pod: Entry<PodLive>,
  container: string,
  { wait, signal }: { readonly wait: boolean; readonly signal: AbortSignal },
): Promise<boolean> => {
  for (;;) {
    const news = deferred();
    const stop = follower.onChange(() => news.resolve());
    try {
      const progress = progressOf(follower, pod, container);
      if (progress !== "waits") return progress === "has run";
      if (!wait) throw notStarted(follower, pod, container);
      await raceSignal(news.promise, signal);
    } finally {
      stop();
    }
  }
};

const notStarted = (follower: Pick<ClusterFollower, "state">, pod: Entry<PodLive>, container: string): SlipwayError => {
  const waiting = seenOf(follower, pod, container)?.waiting;
  const unplaced = pod.state.node === undefined ? "the pod has no node yet" : undefined;
  const reason = unplaced ?? waiting?.reason ?? "ContainerCreating";
  return new SlipwayError(
    "FailedPrecondition",
    `container "${container}" in pod "${pod.name}" is waiting to start: ${reason}: follow the logs to wait for it.`,
    { fields: { pod: pod.name, container, reason } },
  );
};
