import {
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
  type StreamUpdateConfig,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { hasJetStreamCode, JS_CODES } from "./nats-errors.ts";
import type { NatsLink } from "./nats-link.ts";
import { parseNotes, type StreamNotes, type StreamSpec } from "./topology.ts";
import type { StreamState } from "./transport.ts";

type Wanted = Pick<
  StreamUpdateConfig,
  | "subjects"
  | "max_age"
  | "max_bytes"
  | "max_msg_size"
  | "max_msgs_per_subject"
  | "duplicate_window"
  | "num_replicas"
  | "discard"
>;

/** The settings that may change while the stream lives. */
const wantedOf = (spec: StreamSpec, replicas: number): Wanted => ({
  subjects: [...spec.subjects],
  max_age: nanos(spec.maxAgeMs ?? 0),
  max_bytes: spec.maxBytes ?? -1,
  max_msg_size: spec.maxMessageBytes ?? -1,
  max_msgs_per_subject: spec.keeps === "last" ? 1 : -1,
  duplicate_window: nanos(spec.dedupMs),
  num_replicas: replicas,
  discard: DiscardPolicy.Old,
});

const configOf = (
  spec: StreamSpec,
  replicas: number,
  notes: StreamNotes,
): Partial<StreamConfig> & { name: string } => ({
  ...wantedOf(spec, replicas),
  name: spec.name,
  description: JSON.stringify(notes),
  retention: spec.keeps === "queue" ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
  storage: StorageType.File,
  deny_delete: !spec.deletable,
  deny_purge: !spec.deletable,
});

/** The stream as it stands, `undefined` when there is none. */
export const findStream = async (link: NatsLink, name: string): Promise<StreamInfo | undefined> => {
  try {
    return await link.jsm.streams.info(name);
  } catch (error) {
    if (hasJetStreamCode(error, JS_CODES.streamNotFound)) return undefined;
    throw error;
  }
};

export const stateOf = (info: StreamInfo): StreamState => {
  const { messages, first_seq, last_seq } = info.state;
  return {
    identity: info.created,
    // A stream that never held anything says 0, one that was emptied says its next sequence.
    firstSequence: messages === 0 ? last_seq + 1 : first_seq,
    lastSequence: last_seq,
    notes: parseNotes(info.config.description),
  };
};

/** Makes the stream with its notes, or brings the settings of the one that is there up to date. */
export const ensureStream = async (
  link: NatsLink,
  spec: StreamSpec,
  options: { readonly notes: StreamNotes; readonly create: boolean; readonly replicas: number },
): Promise<void> => {
  const info = await findStream(link, spec.name);
  if (info !== undefined) return updateStream(link, info, wantedOf(spec, options.replicas));
  if (!options.create) return;
  try {
    await link.jsm.streams.add(configOf(spec, options.replicas, options.notes));
  } catch (error) {
    // Somebody was faster, with other notes: theirs hold.
    if (!hasJetStreamCode(error, JS_CODES.streamNameInUse)) throw error;
  }
};

const updateStream = async (link: NatsLink, info: StreamInfo, wanted: Wanted): Promise<void> => {
  const { config } = info;
  const same =
    config.subjects.join() === wanted.subjects.join() &&
    config.max_age === wanted.max_age &&
    config.max_bytes === wanted.max_bytes &&
    config.max_msg_size === wanted.max_msg_size &&
    config.max_msgs_per_subject === wanted.max_msgs_per_subject &&
    config.duplicate_window === wanted.duplicate_window &&
    config.num_replicas === wanted.num_replicas;
  if (!same) await link.jsm.streams.update(config.name, { ...config, ...wanted });
};

export const setNotes = async (link: NatsLink, name: string, notes: StreamNotes): Promise<void> => {
  const { config } = await link.jsm.streams.info(name);
  await link.jsm.streams.update(name, { ...config, description: JSON.stringify(notes) });
};
