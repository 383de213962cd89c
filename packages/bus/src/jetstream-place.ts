import { headers, type Msg, type Subscription } from "@nats-io/transport-node";
import { type Clock, type Deferred, deferred, SlipwayError, type Timer } from "@slipway/kernel";
import { JS_CODES, translate } from "./nats-errors.ts";
import type { NatsLink } from "./nats-link.ts";
import type { PlaceOutcome } from "./transport.ts";

interface Waiting {
  readonly answer: Deferred<PlaceOutcome>;
  readonly sentAtMs: number;
}

/** What the server answers to a publish. */
interface PlaceAnswer {
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

const ANSWER_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 500;

/**
 * Publishes messages at their places, many under way at once. One inbox and one timer for all: the library's publish
 * sets up both for each message, which costs a third of the throughput.
 */
export class Placer {
  readonly #link: NatsLink;
  readonly #clock: Clock;
  readonly #inbox: string;
  /** By number, in the order of sending. */
  readonly #waiting = new Map<number, Waiting>();
  #subscription: Subscription | undefined;
  #sent = 0;
  #timer: Timer | undefined;

  constructor(link: NatsLink, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    this.#inbox = link.inbox();
    link.onLost(() => this.#fail("the connection was lost"));
  }

  place(
    subject: string,
    text: string,
    options: {
      readonly id: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly afterSequence: number;
    },
  ): Promise<PlaceOutcome> {
    if (!this.#link.connected()) return Promise.reject(lost("there is no connection"));
    this.#subscription ??= this.#link.nc.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#take(message);
      },
    });
    const number = ++this.#sent;
    const answer = deferred<PlaceOutcome>();
    const head = headers();
    for (const [name, value] of Object.entries(options.headers)) head.set(name, value);
    head.set("Nats-Msg-Id", options.id);
    head.set("Nats-Expected-Last-Sequence", String(options.afterSequence));
    try {
      this.#link.nc.publish(subject, text, { headers: head, reply: `${this.#inbox}.${number}` });
    } catch (error) {
      return Promise.reject(translate(error, "take in an event"));
    }
    this.#waiting.set(number, { answer, sentAtMs: this.#clock.now() });
    this.#timer ??= this.#clock.schedule(LOOK_EVERY_MS, () => this.#look());
    return answer.promise;
  }

  #take(message: Msg): void {
    const number = Number(message.subject.slice(this.#inbox.length + 1));
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) return;
    this.#waiting.delete(number);
    if (message.headers?.code === 503) {
      waiting.answer.reject(lost("the stream of events is not there"));
      return;
    }
    const { duplicate, error } = message.json<PlaceAnswer>();
    if (error === undefined) {
      waiting.answer.resolve(duplicate === true ? "duplicate" : "stored");
      return;
    }
    const misplaced =
      error.err_code === JS_CODES.wrongLastSequence || error.err_code === JS_CODES.wrongLastSequenceUnknown;
    if (misplaced) waiting.answer.resolve("misplaced");
    else waiting.answer.reject(lost(error.description ?? "no reason given"));
  }

  #look(): void {
    this.#timer = undefined;
    const [oldest] = this.#waiting.values();
    if (oldest === undefined) return;
    if (this.#clock.now() - oldest.sentAtMs >= ANSWER_WITHIN_MS) this.#fail("no answer came in time");
    else this.#timer = this.#clock.schedule(LOOK_EVERY_MS, () => this.#look());
  }

  #fail(why: string): void {
    const failed = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { answer } of failed) answer.reject(lost(why));
  }
}

const lost = (why: string): SlipwayError =>
  new SlipwayError("BusUnavailable", `The bus could not take in an event (${why}): try again.`);
