import dgram from "node:dgram";
import net from "node:net";
import { type Clock, delay, SlipwayError } from "@slipway/kernel";
import type { Component, Logger } from "@slipway/runtime";
import { answerPacket, failurePacket } from "./answer-packet.ts";
import type { Forward } from "./forwarder.ts";
import type { ZoneView } from "./plan/zone.ts";
import { frame, unframer } from "./tcp-framing.ts";

export interface DnsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly view: ZoneView;
  readonly forward: Forward;
  readonly clock: Clock;
  readonly logger: Logger;
}

const IDLE_MS = 10_000;
/** The bridge gets its address a moment after the network is made. */
const BIND_TRIES = 20;
const BIND_RETRY_MS = 250;

/** The resolver of this node's pods: the cluster's zone from memory, everything else from the host's resolvers. */
export const dnsServer = (options: DnsServerOptions): Component => {
  const { view, forward, host, port, logger } = options;
  let udp: dgram.Socket | undefined;
  let tcp: net.Server | undefined;
  const connections = new Set<net.Socket>();

  const answer = async (query: Buffer, transport: "udp" | "tcp", send: (reply: Buffer) => void): Promise<void> => {
    const own = answerPacket(query, view, transport);
    if (own.type === "ignore") return;
    const reply = own.type === "answer" ? own.bytes : ((await forward(query, transport)) ?? failurePacket(query));
    if (reply !== undefined) send(reply);
  };

  const openUdp = async (): Promise<dgram.Socket> => {
    const socket = dgram.createSocket({ type: "udp4", reuseAddr: false });
    socket.on("message", (query, { address, port: from }) => {
      // A client that is gone needs no answer.
      void answer(query, "udp", (reply) => socket.send(reply, from, address, () => {}));
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("error", reject);
    socket.bind(port, host, resolve);
    try {
      await promise;
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.off("error", reject).on("error", (error) => logger.warn({ error }, "the DNS socket had an error"));
    return socket;
  };

  const openTcp = async (): Promise<net.Server> => {
    const server = net.createServer((connection) => {
      connections.add(connection);
      connection.setTimeout(IDLE_MS, () => connection.destroy());
      connection.on("error", () => connection.destroy());
      connection.on("close", () => connections.delete(connection));
      connection.on(
        "data",
        unframer((query) => void answer(query, "tcp", (reply) => connection.write(frame(reply)))),
      );
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen(port, host, resolve);
    await promise;
    return server;
  };

  return {
    name: "dns",
    start: async (signal) => {
      for (let attempt = 1; ; attempt++) {
        try {
          udp = await openUdp();
          tcp = await openTcp();
          return;
        } catch (cause) {
          udp?.close();
          udp = undefined;
          if (attempt === BIND_TRIES) throw listenError(cause, host, port);
          await delay(BIND_RETRY_MS, signal, options.clock);
        }
      }
    },
    stop: async () => {
      udp?.close();
      for (const connection of connections) connection.destroy();
      const { promise, resolve } = Promise.withResolvers<void>();
      if (tcp === undefined) resolve();
      else tcp.close(() => resolve());
      await promise;
    },
  };
};

const listenError = (cause: unknown, host: string, port: number): SlipwayError =>
  new SlipwayError(
    "PortTaken",
    `The DNS server for pods cannot listen on ${host}:${port}: stop the program that does, or give the node another pod range.`,
    { cause, fields: { host, port } },
  );
