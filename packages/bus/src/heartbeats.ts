import { partsOf, subjectOf } from "./subject.ts";
import type { Transport } from "./transport.ts";

/** Signs of life of the nodes. They may be lost, and are kept nowhere. */
export interface Heartbeats {
  publish(node: string, data: unknown): void;
  subscribe(handler: (node: string, data: unknown) => void, signal: AbortSignal): void;
}

const HEAD = "slipway.heartbeat";

export const makeHeartbeats = (transport: Transport): Heartbeats => ({
  publish: (node, data) => transport.send(subjectOf(HEAD, [node]), JSON.stringify(data)),
  subscribe: (handler, signal) =>
    transport.subscribe(
      subjectOf(HEAD, [undefined]),
      (message) => {
        const [node] = partsOf(HEAD, 1, message.subject) ?? [];
        if (node === undefined) return;
        handler(node, JSON.parse(message.text()) as unknown);
      },
      signal,
    ),
});
