import { SlipwayError, type StoredEvent } from "@slipway/kernel";
import pg from "pg";
import type { DecodeRow } from "./copy-row.ts";
import { eventDecoder } from "./event-row.ts";
import { isConnectionLost, logFailure } from "./failure.ts";
import { checkSchema, type SessionOptions, sessionConfig } from "./session.ts";

/** A function of `sql/` and its arguments; arrays are `text[]`. */
export interface FunctionCall {
  readonly name: "read_events" | "read_stream" | "load_snapshot";
  readonly args: readonly (number | string | readonly string[] | undefined)[];
}

/** Reads rows of the log over a small pool of connections. */
export class PageReader {
  readonly #pool: pg.Pool;

  constructor(session: SessionOptions) {
    this.#pool = new pg.Pool({
      ...sessionConfig(session, "read"),
      max: 4,
      idleTimeoutMillis: 30_000,
      verify: (client: pg.ClientBase, done: (error?: Error) => void) => {
        checkSchema(client).then(() => done(), done);
      },
    });
    // A connection that breaks tells its query. Without listeners it would end the process besides: the pool's for idle
    // connections, the client's own for one in use.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => void client.on("error", () => {}));
  }

  /** The events that the function answers, in its order. */
  events(call: FunctionCall): Promise<readonly StoredEvent[]> {
    return this.copy(call, eventDecoder);
  }

  /** Whatever the function answers, each row through a decoder made for this call. */
  copy<Row>({ name, args }: FunctionCall, decoder: () => DecodeRow<Row>): Promise<readonly Row[]> {
    // COPY takes no parameters.
    const text = `copy (select * from slipway.${name}(${args.map(literal).join(", ")})) to stdout (format binary)`;
    return this.#retryOnce((client) => copyOut(client, text, decoder()));
  }

  /** The rows of a plain query; `int8` arrives as text. */
  rows<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#retryOnce(async (client) => (await client.query<Row>(text, [...values])).rows);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** A pooled connection may have died unnoticed; reading twice does no harm. */
  async #retryOnce<T>(read: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    try {
      return await this.#with(read);
    } catch (error) {
      if (!isConnectionLost(error)) throw logFailure(error);
    }
    return await this.#with(read).catch((error: unknown) => {
      throw logFailure(error);
    });
  }

  async #with<T>(read: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken = false;
    try {
      return await read(client);
    } catch (error) {
      broken = isConnectionLost(error);
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

const literal = (value: FunctionCall["args"][number]): string => {
  if (value === undefined) return "null";
  if (typeof value === "string") return pg.escapeLiteral(value);
  if (typeof value !== "number") return `array[${value.map((item) => pg.escapeLiteral(item)).join(", ")}]::text[]`;
  if (!Number.isSafeInteger(value)) throw new SlipwayError("Internal", `${value} is no whole number.`);
  return String(value);
};

/** What `pg` calls on a query while COPY data arrives, one chunk a row; not in its published types. */
interface CopyQuery {
  handleCopyData(message: { readonly chunk: Buffer }): void;
  callback(error: Error | null): void;
}

/** Decodes rows as they arrive, so that this work and the server's go on at the same time. */
const copyOut = <Row>(client: pg.ClientBase, text: string, decode: DecodeRow<Row>): Promise<readonly Row[]> =>
  new Promise((resolve, reject) => {
    const rows: Row[] = [];
    let malformed: unknown;
    const query = new pg.Query({ text });
    const hooks: CopyQuery = {
      handleCopyData: ({ chunk }) => {
        try {
          const row = decode(chunk);
          if (row !== undefined) rows.push(row);
        } catch (error) {
          malformed ??= error;
        }
      },
      callback: (error) => {
        if (error !== null && error !== undefined) reject(error);
        else if (malformed !== undefined) reject(malformed);
        else resolve(rows);
      },
    };
    client.query(Object.assign(query, hooks));
  });
