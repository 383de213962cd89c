import type { EventLog } from "@slipway/eventlog";
import type { StoredEvent } from "@slipway/kernel";

/** What the log tells of one pod besides its state. */
export interface PodStory {
  /** The wish that made the pod, and that everything about it belongs to. */
  readonly correlation: string | undefined;
  /** Where it was put, if anywhere. */
  readonly node: string | undefined;
}

/** Pods whose story is kept in mind; reports come in bursts about the same ones. */
const MOST_KEPT = 10_000;

/** The stories of pods, by stream and uid. A story that is complete (it has a node) does not change any more and is kept. */
export class PodStories {
  readonly #log: Pick<EventLog, "readStream">;
  readonly #kept = new Map<string, PodStory>();

  constructor(log: Pick<EventLog, "readStream">) {
    this.#log = log;
  }

  /** Undefined when there never was a pod with this uid in the stream. */
  async tell(stream: string, uid: string, signal: AbortSignal): Promise<PodStory | undefined> {
    const key = `${stream} ${uid}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const story = storyOf(await this.#log.readStream(stream, { signal }), uid);
    if (story?.node === undefined) return story;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, story);
    return story;
  }
}

const storyOf = (events: readonly StoredEvent[], uid: string): PodStory | undefined => {
  let story: PodStory | undefined;
  for (const { type, data, meta } of events) {
    const { pod, uid: about, node } = data as PodEventData;
    if (type === "PodCreated" && pod?.metadata?.uid === uid) {
      story = { correlation: meta.correlation, node: pod.spec?.nodeName || undefined };
    }
    if (type === "PodScheduled" && about === uid && story !== undefined) story = { ...story, node };
  }
  return story;
};

/** As much of the events of a pod's stream as matters here. */
interface PodEventData {
  readonly pod?: { readonly metadata?: { readonly uid?: string }; readonly spec?: { readonly nodeName?: string } };
  readonly uid?: string;
  readonly node?: string;
}
