import { AckPolicy, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { Clock, Random } from "@slipway/kernel";
import type { BusLogger } from "./bus-logger.ts";
import { translate } from "./nats-errors.ts";
import type { NatsLink } from "./nats-link.ts";
import { pause } from "./pause.ts";
import { repeat } from "./request-protocol.ts";
import type { WorkMessage, WorkVerdict } from "./transport.ts";

interface WorkParts {
  readonly link: NatsLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: BusLogger;
}

type Handle = (message: WorkMessage) => Promise<WorkVerdict>;

/** All workers share one durable consumer, which is how the server hands each message to one of them. */
const WORKERS = "workers";
/** A message that a worker neither answered nor renewed for so long goes to another one. */
const ACK_WAIT_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
const MOST_IN_HAND = 256;
const EXPIRES_MS = 10_000;
const HEARTBEAT_MS = 2_000;

/** `Transport.work` on JetStream. */
export const workJetStream = async (
  parts: WorkParts,
  stream: string,
  handle: Handle,
  signal: AbortSignal,
): Promise<void> => {
  const inHand = new Set<Promise<void>>();
  for (let failures = 0; !signal.aborted; ) {
    try {
      await parts.link.whenConnected(signal);
      await pullUntilTrouble(parts, stream, signal, (message) => {
        failures = 0;
        const work = answer(parts, message, handle).finally(() => inHand.delete(work));
        inHand.add(work);
      });
    } catch (thrown) {
      if (signal.aborted) break;
      const error = translate(thrown, `hand out the work of ${stream}`);
      if (error.class !== "Transient") throw error;
      parts.logger.debug({ stream, err: error }, "Taking work begins again");
    }
    failures++;
    await pause(parts, failures, signal);
  }
  await Promise.allSettled(inHand);
};

const pullUntilTrouble = async (
  { link }: WorkParts,
  stream: string,
  signal: AbortSignal,
  take: (message: JsMsg) => void,
): Promise<void> => {
  const info = await link.untilLost(() =>
    link.jsm.consumers.add(stream, {
      durable_name: WORKERS,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(ACK_WAIT_MS),
      max_ack_pending: MOST_IN_HAND,
      max_deliver: -1,
    }),
  );
  const consumer = link.js.consumers.getConsumerFromInfo(info);
  const messages = await consumer.consume({
    max_messages: MOST_IN_HAND,
    expires: EXPIRES_MS,
    idle_heartbeat: HEARTBEAT_MS,
    abort_on_missing_resource: true,
  });
  const stop = () => messages.stop();
  const forgetLost = link.onLost(stop);
  signal.addEventListener("abort", stop, { once: true });
  const watch = async () => {
    for await (const status of messages.status()) if (status.type === "heartbeats_missed") stop();
  };
  watch().catch(stop);
  try {
    for await (const message of messages) {
      if (signal.aborted) return;
      take(message);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    forgetLost();
    stop();
  }
};

const answer = async ({ clock, logger }: WorkParts, message: JsMsg, handle: Handle): Promise<void> => {
  const working = new AbortController();
  repeat(clock, RENEW_EVERY_MS, working.signal, () => message.working());
  try {
    const verdict = await handle({
      subject: message.subject,
      attempt: message.info.deliveryCount,
      id: message.headers?.get("Nats-Msg-Id") ?? "",
      text: () => message.string(),
    });
    // nats-server 2.9 keeps a terminated message in a work queue for ever: one to drop is acknowledged as well.
    if (verdict.type === "again") message.nak(verdict.delayMs);
    else message.ack();
  } catch (error) {
    // Without an answer the server hands the message out again.
    logger.error({ err: error, subject: message.subject }, "A piece of work ended without a verdict");
  } finally {
    working.abort();
  }
};
