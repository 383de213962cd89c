import { type Clock, isSlipwayError, type Random } from "@slipway/kernel";
import type { BusLogger } from "./bus-logger.ts";
import { openSession, type Session } from "./jetstream-session.ts";
import { translate } from "./nats-errors.ts";
import type { NatsLink } from "./nats-link.ts";
import { pause } from "./pause.ts";
import type { ReadOptions, ReadStep, StreamState } from "./transport.ts";

interface ReadParts {
  readonly link: NatsLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: BusLogger;
  readonly streamState: (stream: string) => Promise<StreamState | undefined>;
}

/** `Transport.read` on JetStream: one session after another, each from where the reader says that it is. */
export async function* readJetStream(
  parts: ReadParts,
  options: ReadOptions,
): AsyncGenerator<ReadStep, void, undefined> {
  const { link, logger } = parts;
  const { stream, subject, headersOnly = false } = options;
  const signal = AbortSignal.any([options.signal, link.closing]);
  for (let failures = 0; !signal.aborted; ) {
    let session: Session | undefined;
    let end: (() => void) | undefined;
    try {
      await link.whenConnected(signal);
      const state = await parts.streamState(stream);
      if (state !== undefined && !signal.aborted) {
        session = await openSession(link, { stream, subject, start: options.begin(state), headersOnly });
        end = session.close;
        signal.addEventListener("abort", end, { once: true });
        if (signal.aborted) return;
        yield { type: "opened", state, pending: session.pending };
        for (let messages = await session.next(); messages !== undefined; messages = await session.next()) {
          if (signal.aborted) return;
          failures = 0;
          yield { type: "messages", messages };
        }
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const error = translate(thrown, `read ${stream}`);
      // What somebody above this generator threw through `begin`, or may not do at all, is not for another try.
      if (error.class !== "Transient") throw error;
      logger.debug({ stream, subject, err: isSlipwayError(thrown) ? thrown : error }, "Reading begins again");
    } finally {
      session?.close();
      if (end !== undefined) signal.removeEventListener("abort", end);
    }
    failures++;
    await pause(parts, failures, signal);
  }
}
