import { abortable, type BackoffPolicy, backoffDelayMs, type Clock, delay } from "@slipway/kernel";
import type { HeadSignal } from "./head-signal.ts";
import { openSession, type SessionOptions } from "./session.ts";

const RETRY: BackoffPolicy = { initialMs: 100, maxMs: 2_000 };

/**
 * Keeps one connection that listens for Postgres's notifications and passes them on as nudges, until the signal aborts.
 * Each time the connection was made anew it nudges too: something may have been missed. Failures are no news: the readers
 * that it nudges find the same ones.
 */
export const listenForAppends = async (
  session: SessionOptions,
  nudges: HeadSignal,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> => {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await listenOnce(session, nudges, signal, () => {
        failures = 0;
      });
    } catch {
      failures++;
      await delay(backoffDelayMs(RETRY, failures), signal, clock).catch(() => {});
    }
  }
};

const listenOnce = async (
  session: SessionOptions,
  nudges: HeadSignal,
  signal: AbortSignal,
  connected: () => void,
): Promise<void> => {
  const client = await openSession(session, "listen");
  try {
    client.on("notification", ({ payload }) => nudges.reached(Number(payload)));
    const broken = abortable<never>(signal, (_, reject) => {
      client.once("error", reject);
      client.once("end", () => reject(new Error("The connection ended.")));
      return () => {};
    });
    broken.catch(() => {});
    await client.query("listen slipway_head");
    connected();
    nudges.unknown();
    await broken;
  } finally {
    client.connection.stream.destroy();
  }
};
