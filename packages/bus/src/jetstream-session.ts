import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JsMsg, ReplayPolicy } from "@nats-io/jetstream";
import { nanos, nuid } from "@nats-io/transport-node";
import { asyncQueue } from "./async-queue.ts";
import type { NatsLink } from "./nats-link.ts";
import type { ReadStart, StreamMessage } from "./transport.ts";

export interface SessionOptions {
  readonly stream: string;
  readonly subject: string;
  readonly start: ReadStart;
  readonly headersOnly: boolean;
}

/** One consumer of a stream, as long as nothing goes wrong with it: its messages are in order, and none is missing. */
export interface Session {
  /** Messages of the selection that were there when the session began. */
  readonly pending: number;
  /** All messages that have come, or the next one; `undefined` when the session has broken. */
  next(): Promise<readonly StreamMessage[] | undefined>;
  close(): void;
}

/** The server's sign of life to an idle consumer; two missed ones break the session. */
const HEARTBEAT_MS = 2_000;
/** The server forgets a consumer whose reader has gone. */
const FORGET_MS = 10_000;
/** A reader that is so far behind is cut off, and begins again from its own place when it has taken what came. */
const MOST_BUFFERED = 20_000;

/**
 * Begins to read. The consumer is ephemeral, in the server's memory, and pushes: half the delay of pulling. The
 * library's own ordered consumer notices a restarted server only after a minute and cannot tell a stream from its
 * successor, so the session just ends on any doubt, and the reader begins another one from its own place.
 */
export const openSession = async (link: NatsLink, options: SessionOptions): Promise<Session> => {
  const inbox = link.inbox();
  const queue = asyncQueue<StreamMessage>();
  const broken = () => queue.end();
  const bound = await link.js.consumers.getBoundPushConsumer({
    deliver_subject: inbox,
    idle_heartbeat: nanos(HEARTBEAT_MS),
  });
  let delivered = 0;
  const messages = await bound.consume({
    callback: (message) => {
      const { deliverySequence } = message.info;
      if (deliverySequence <= delivered) return;
      if (deliverySequence !== delivered + 1 || queue.size >= MOST_BUFFERED) return broken();
      delivered = deliverySequence;
      queue.push(new JetStreamMessage(message));
    },
  });
  const forgetLost = link.onLost(broken);
  const close = () => {
    forgetLost();
    broken();
    // The end of a subscription on a lost connection is no news.
    messages.close().catch(() => {});
  };
  const watch = async () => {
    for await (const status of messages.status()) {
      if (status.type === "heartbeats_missed" || status.type === "consumer_deleted") break;
      // The server has sent more than has come, and nothing is on its way any more.
      if (status.type === "heartbeat" && status.lastConsumerSequence > delivered) break;
    }
    broken();
  };
  watch().catch(broken);
  try {
    const info = await link.untilLost(() => link.jsm.consumers.add(options.stream, consumerConfig(options, inbox)));
    return { pending: info.num_pending + info.delivered.consumer_seq, next: () => queue.take(), close };
  } catch (error) {
    close();
    throw error;
  }
};

const consumerConfig = (options: SessionOptions, inbox: string): Partial<ConsumerConfig> => ({
  // The name makes the client use the subject that carries the filter, which permissions can tell.
  name: `r_${nuid.next()}`,
  deliver_subject: inbox,
  filter_subject: options.subject,
  ack_policy: AckPolicy.None,
  max_deliver: 1,
  replay_policy: ReplayPolicy.Instant,
  flow_control: true,
  idle_heartbeat: nanos(HEARTBEAT_MS),
  inactive_threshold: nanos(FORGET_MS),
  mem_storage: true,
  num_replicas: 1,
  ...(options.headersOnly ? { headers_only: true } : {}),
  ...startConfig(options.start),
});

const startConfig = (start: ReadStart): Partial<ConsumerConfig> => {
  switch (start.from) {
    case "sequence":
      return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start.sequence };
    case "time":
      return {
        deliver_policy: DeliverPolicy.StartTime,
        opt_start_time: new Date(Math.max(0, start.atMs)).toISOString(),
      };
    case "last-per-subject":
      return { deliver_policy: DeliverPolicy.LastPerSubject };
  }
};

class JetStreamMessage implements StreamMessage {
  readonly #message: JsMsg;

  constructor(message: JsMsg) {
    this.#message = message;
  }

  get subject(): string {
    return this.#message.subject;
  }

  get sequence(): number {
    return this.#message.info.streamSequence;
  }

  get pending(): number {
    return this.#message.info.pending;
  }

  text(): string {
    return this.#message.string();
  }

  header(name: string): string {
    return this.#message.headers?.get(name) ?? "";
  }
}
