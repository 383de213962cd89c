import dgram from "node:dgram";
import net from "node:net";
import { frame, unframer } from "./tcp-framing.ts";

/** Asks the host's resolvers, byte for byte; answers nothing when none of them did. */
export type Forward = (query: Buffer, transport: "udp" | "tcp") => Promise<Buffer | undefined>;

/** Of each resolver; a client asks again after 5 s. */
const TIMEOUT_MS = 2_000;
const DNS_PORT = 53;

/** `upstreams` are asked in turn until one answers: `address` or `address:port` each. */
export const forwarder =
  (upstreams: () => readonly string[], timeoutMs = TIMEOUT_MS): Forward =>
  async (query, transport) => {
    for (const upstream of upstreams()) {
      const target = addressOf(upstream);
      const answer = await (transport === "udp" ? askUdp(query, target, timeoutMs) : askTcp(query, target, timeoutMs));
      if (answer !== undefined) return answer;
    }
    return undefined;
  };

interface Address {
  readonly host: string;
  readonly port: number;
}

const addressOf = (upstream: string): Address => {
  const match = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(upstream);
  return match === null
    ? { host: upstream, port: DNS_PORT }
    : { host: match[1] ?? match[2] ?? "", port: Number(match[3]) };
};

const askUdp = (query: Buffer, { host, port }: Address, timeoutMs: number): Promise<Buffer | undefined> => {
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const socket = dgram.createSocket(net.isIPv6(host) ? "udp6" : "udp4");
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  socket.on("error", () => resolve(undefined));
  // A fresh port for each query, and the asker's own id: a forged answer must guess both.
  socket.on("message", (answer) => {
    if (answer.length >= 12 && answer.readUInt16BE(0) === query.readUInt16BE(0)) resolve(answer);
  });
  socket.connect(port, host, () => socket.send(query));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.close();
  });
};

const askTcp = (query: Buffer, { host, port }: Address, timeoutMs: number): Promise<Buffer | undefined> => {
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const socket = net.connect({ host, port });
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  socket.on("error", () => resolve(undefined));
  socket.on("close", () => resolve(undefined));
  socket.on(
    "data",
    unframer((answer) => resolve(answer)),
  );
  socket.write(frame(query));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
};
