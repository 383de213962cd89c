import { type BackoffPolicy, backoffDelayMs, type Clock, delay, SlipwayError, systemClock } from "@slipway/kernel";
import type pg from "pg";
import { APPEND_GROUP, type AppendGroupRow, groupParameters, groupVerdicts, type Verdict } from "./append-group.ts";
import { isConnectionLost, logFailure } from "./failure.ts";
import type { PreparedBatch } from "./prepare.ts";
import { openSession, type SessionOptions } from "./session.ts";

const RETRY: BackoffPolicy = { initialMs: 20, maxMs: 500 };

/**
 * Sends groups over one connection of its own; a second one would only make both slower, for there is one lock to
 * take. When the connection breaks with a call on its way, nobody knows whether that call was committed. The same call is
 * then repeated on a new connection: its event ids tell.
 */
export class GroupWriter {
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  #session: Promise<pg.Client> | undefined;
  #last: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(options: SessionOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
  }

  /**
   * The verdict on each batch. Tries until `deadline` (milliseconds of the clock), then fails with `LogUnavailable`,
   * whose field `uncertain` tells whether a try got as far as the log; fails at once with `LogFull`.
   */
  send(group: readonly PreparedBatch[], deadline: number): Promise<readonly Verdict[]> {
    const before = this.#last;
    const sent = this.#send(group, deadline, before);
    this.#last = sent.then(nothing, nothing);
    return sent;
  }

  async #send(group: readonly PreparedBatch[], deadline: number, before: Promise<void>): Promise<readonly Verdict[]> {
    const parameters = groupParameters(group);
    let uncertain = false;
    for (let attempt = 1; ; attempt++) {
      const session = this.#open();
      let sent = false;
      try {
        const client = await session;
        sent = true;
        const { rows } = await client.query<AppendGroupRow>({ ...APPEND_GROUP, values: [...parameters] });
        const row = rows[0];
        if (row === undefined) throw new SlipwayError("Internal", "The log answered an append with nothing.");
        return groupVerdicts(group, row);
      } catch (error) {
        if (isConnectionLost(error)) {
          uncertain ||= sent;
          this.#abandon(session);
        }
        const failure = logFailure(error);
        // The group before this one broke with it: it goes first again, for its appends came first.
        await before;
        const waitMs = backoffDelayMs(RETRY, attempt);
        if (failure.code !== "LogUnavailable" || this.#clock.now() + waitMs > deadline)
          throw withDoubt(failure, uncertain);
        await delay(waitMs, this.#stopping.signal, this.#clock).catch(() => {
          throw withDoubt(failure, uncertain);
        });
      }
    }
  }

  /** From now on a failure is final. */
  stopRetrying(): void {
    this.#stopping.abort();
  }

  async close(): Promise<void> {
    this.stopRetrying();
    const client = await this.#session?.catch(nothing);
    await client?.end().catch(nothing);
  }

  /** The one session, made when first needed and again after it broke. */
  #open(): Promise<pg.Client> {
    if (this.#session !== undefined) return this.#session;
    const session = openSession(this.#options, "append");
    this.#session = session;
    const forget = () => this.#forget(session);
    session.then((client) => client.on("error", forget).on("end", forget), forget);
    return session;
  }

  /** A client whose call timed out would wait for it in `end`: closing the socket is all we want. */
  #abandon(session: Promise<pg.Client>): void {
    this.#forget(session);
    session.then((client) => client.connection.stream.destroy(), nothing);
  }

  #forget(session: Promise<pg.Client>): void {
    if (this.#session === session) this.#session = undefined;
  }
}

const nothing = (): void => {};

const withDoubt = (failure: SlipwayError, uncertain: boolean): SlipwayError => {
  if (failure.code !== "LogUnavailable" || !uncertain) return failure;
  return new SlipwayError(
    "LogUnavailable",
    `${failure.message} It may have been stored: repeat it with the same event ids.`,
    {
      cause: failure.cause,
      fields: { uncertain },
      ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    },
  );
};
