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
  readonly #session: SessionOptions;
  readonly #clock: Clock;
  #client: pg.Client | undefined;
  readonly #stopping = new AbortController();

  constructor(session: SessionOptions, clock: Clock = systemClock) {
    this.#session = session;
    this.#clock = clock;
  }

  /**
   * The verdict on each batch. Tries until `deadline` (milliseconds of the clock), then fails with `LogUnavailable`,
   * whose field `uncertain` tells whether a try got as far as the log; fails at once with `LogFull`.
   */
  async send(group: readonly PreparedBatch[], deadline: number): Promise<readonly Verdict[]> {
    const parameters = groupParameters(group);
    let uncertain = false;
    for (let attempt = 1; ; attempt++) {
      try {
        const client = await this.#connected();
        uncertain = true;
        const { rows } = await client.query<AppendGroupRow>({ ...APPEND_GROUP, values: [...parameters] });
        const row = rows[0];
        if (row === undefined) throw new SlipwayError("Internal", "The log answered an append with nothing.");
        return groupVerdicts(group, row);
      } catch (error) {
        if (isConnectionLost(error)) this.#drop();
        else uncertain = false;
        const failure = logFailure(error);
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
    await this.#client?.end().catch(() => {});
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const client = await openSession(this.#session, "append");
    const forget = () => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on("error", forget);
    client.on("end", forget);
    this.#client = client;
    return client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    // A client whose call timed out would wait for it in `end`: closing the socket is all we want.
    client?.connection.stream.destroy();
  }
}

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
