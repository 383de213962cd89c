import type { ClusterFollower } from "@slipway/cluster";
import type { EventLog } from "@slipway/eventlog";
import type { StoredEvent } from "@slipway/kernel";

/** What the log tells of one pod besides its state. */
export interface PodStory {
  /** The wish that made the pod, and that everything about it belongs to. */
  readonly correlation: string | undefined;
  /** Where it was put, if anywhere. */
  readonly node: string | undefined;
}

/**
 * The stories of pods. Those that pass by while this runs are kept until the pod is gone, so that a report about them
 * costs no look into the log; the others are looked up, and kept when they are complete (they have a node).
 */
export class PodStories {
  readonly #log: Pick<EventLog, "readStream">;
  /** By stream and uid: a node must not speak of one pod under the name of another. */
  readonly #kept = new Map<string, PodStory>();

  constructor(log: Pick<EventLog, "readStream">) {
    this.#log = log;
  }

  /** Listens to what happens. Returns its end. */
  keepUp(follower: Pick<ClusterFollower, "onChange">): () => void {
    return follower.onChange((_changes, events) => {
      for (const event of events) this.#take(event);
    });
  }

  /** Undefined when there never was a pod with this uid in the stream. */
  async tell(stream: string, uid: string, signal: AbortSignal): Promise<PodStory | undefined> {
    const kept = this.#kept.get(keyOf(stream, uid));
    if (kept?.node !== undefined) return kept;
    let story: PodStory | undefined;
    let gone = false;
    for (const event of await this.#log.readStream(stream, { signal })) {
      story = advance(story, event, uid);
      gone ||= event.type === "PodDeleted" && dataOf(event).uid === uid;
    }
    if (story?.node !== undefined && !gone) this.#kept.set(keyOf(stream, uid), story);
    return story;
  }

  #take(event: StoredEvent): void {
    const { type, stream } = event;
    if (type !== "PodCreated" && type !== "PodScheduled" && type !== "PodDeleted") return;
    const { pod, uid = pod?.metadata?.uid ?? "" } = dataOf(event);
    const key = keyOf(stream, uid);
    if (type === "PodDeleted") this.#kept.delete(key);
    else {
      const story = advance(this.#kept.get(key), event, uid);
      if (story !== undefined) this.#kept.set(key, story);
    }
  }
}

const keyOf = (stream: string, uid: string): string => `${stream} ${uid}`;

/** As much of the events of a pod's stream as matters here. */
interface PodEventData {
  readonly pod?: { readonly metadata?: { readonly uid?: string }; readonly spec?: { readonly nodeName?: string } };
  readonly uid?: string;
  readonly node?: string;
}

const dataOf = ({ data }: StoredEvent): PodEventData => data as PodEventData;

const advance = (story: PodStory | undefined, event: StoredEvent, uid: string): PodStory | undefined => {
  const { pod, uid: about, node } = dataOf(event);
  if (event.type === "PodCreated" && pod?.metadata?.uid === uid) {
    return { correlation: event.meta.correlation, node: pod.spec?.nodeName || undefined };
  }
  return event.type === "PodScheduled" && about === uid && story !== undefined ? { ...story, node } : story;
};
