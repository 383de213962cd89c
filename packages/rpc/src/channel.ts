import { Client, credentials } from "@grpc/grpc-js";
import { quietLibrary } from "./quiet-library.ts";
import { fromWireError } from "./wire-error.ts";

export interface ChannelOptions {
  /** The largest answer. Default 256 MiB: a list of 100,000 pods. */
  readonly maxMessageBytes?: number;
}

/** A connection to a server that many clients may share; it is made at the first call and again when it breaks. */
export interface Channel {
  readonly address: string;
  /** Resolves when the server answers the connection; rejects with `ServerUnavailable` after `timeoutMs`. */
  waitForReady(timeoutMs: number): Promise<void>;
  /** Ends the connection; calls under way end with `Cancelled` or `ServerUnavailable`. */
  close(): void;
  /** The library's client: for this package only. */
  readonly transport: Client;
}

const DEFAULT_MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** A channel to `127.0.0.1:8443` or `unix:/run/slipway/api.sock`. */
export const createChannel = (address: string, options: ChannelOptions = {}): Channel => {
  quietLibrary();
  const transport = new Client(address, credentials.createInsecure(), {
    "grpc.max_receive_message_length": options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": -1,
    // A server that vanished without a word is noticed within 30 s, so that a follow can resume elsewhere.
    "grpc.keepalive_time_ms": 20_000,
    "grpc.keepalive_timeout_ms": 10_000,
    // The library's own pause after a failed connection begins at 1 s; a local server is back sooner.
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 5_000,
    // One connection a channel: otherwise all channels of a process to one address share its flow control and its fate.
    "grpc.use_local_subchannel_pool": 1,
  });
  return {
    address,
    transport,
    waitForReady: (timeoutMs) =>
      new Promise((resolve, reject) => {
        transport.waitForReady(Date.now() + timeoutMs, (error) => {
          if (error === undefined) resolve();
          else reject(fromWireError({ code: 14, details: `no connection to ${address} within ${timeoutMs} ms` }));
        });
      }),
    close: () => transport.close(),
  };
};
