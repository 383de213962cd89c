import dgram from "node:dgram";
import net from "node:net";
import { systemClock } from "@slipway/kernel";
import { createLogger } from "@slipway/runtime";
import packet, { type Answer, type Packet } from "dns-packet";
import { dnsServer } from "./dns-server.ts";
import { forwarder } from "./forwarder.ts";
import type { ZoneView } from "./plan/zone.ts";
import { frame, unframer } from "./tcp-framing.ts";

const logger = createLogger({ service: "node-agent", level: "silent" });
const many = Array.from({ length: 60 }, (_, index) => ({
  pod: `p${index}`,
  uid: `u${index}`,
  node: "n1",
  ip: `10.88.0.${index}`,
  ready: true,
  ports: {},
}));
const VIEW: ZoneView = {
  service: (_, name) =>
    name === "big"
      ? {
          project: "demo",
          service: "big",
          uid: "1",
          clusterIP: "",
          ports: [],
          endpoints: many,
          routes: [],
          position: 1,
        }
      : undefined,
  hasProject: () => true,
  byAddress: () => undefined,
};

const freePort = async (): Promise<number> => {
  const server = net.createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
};

/** A resolver that answers every name with 192.0.2.9. */
const upstream = dgram.createSocket("udp4");
let upstreamPort = 0;
let port = 0;
let server: ReturnType<typeof dnsServer>;

beforeAll(async () => {
  upstream.on("message", (query, from) => {
    const { id, questions } = packet.decode(query);
    const answers = [{ type: "A" as const, name: questions?.[0]?.name ?? "", ttl: 60, data: "192.0.2.9" }];
    upstream.send(packet.encode({ id: id ?? 0, type: "response", questions: questions ?? [], answers }), from.port);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  upstream.bind(0, "127.0.0.1", resolve);
  await promise;
  upstreamPort = upstream.address().port;
  port = await freePort();
  const upstreams = () => ["127.0.0.1:1", `127.0.0.1:${upstreamPort}`];
  const forward = forwarder(upstreams, 200);
  server = dnsServer({ host: "127.0.0.1", port, view: VIEW, forward, clock: systemClock, logger });
  await server.start(new AbortController().signal);
});

afterAll(async () => {
  upstream.close();
  await server.stop(1_000);
});

const askUdp = (query: Packet): Promise<Packet> => {
  const { promise, resolve } = Promise.withResolvers<Packet>();
  const socket = dgram.createSocket("udp4");
  socket.on("message", (answer) => {
    socket.close();
    resolve(packet.decode(answer));
  });
  socket.send(packet.encode(query), port, "127.0.0.1");
  return promise;
};
const askTcp = (query: Packet): Promise<Packet> => {
  const { promise, resolve } = Promise.withResolvers<Packet>();
  const socket = net.connect(port, "127.0.0.1");
  socket.on(
    "data",
    unframer((answer) => {
      socket.destroy();
      resolve(packet.decode(answer));
    }),
  );
  // In two pieces, as a network may deliver it.
  const framed = frame(packet.encode(query));
  socket.write(framed.subarray(0, 5));
  socket.write(framed.subarray(5));
  return promise;
};
const question = (name: string, type: "A" | "AAAA" = "A"): Packet => ({
  id: 7,
  type: "query",
  flags: packet.RECURSION_DESIRED,
  questions: [{ name, type }],
});

describe("the DNS server of pods", () => {
  it("denies what is not in its zone, with a word on how long that may be kept", async () => {
    const answer = await askUdp(question("none.demo.svc.cluster.local"));
    expect(answer).toMatchObject({ id: 7, rcode: "NXDOMAIN", flag_aa: true, answers: [] });
    expect(answer.authorities?.[0]).toMatchObject({ type: "SOA", name: "cluster.local" });
  });

  it("says over UDP that an answer is too long, and gives it whole over TCP or to who has room", async () => {
    expect(await askUdp(question("big.demo.svc.cluster.local"))).toMatchObject({ flag_tc: true, answers: [] });
    expect((await askTcp(question("big.demo.svc.cluster.local"))).answers).toHaveLength(60);
    const roomy = { ...question("big.demo.svc.cluster.local"), additionals: [EDNS] };
    expect((await askUdp(roomy)).answers).toHaveLength(60);
  });

  it("asks the host's resolvers for everything else, the next one when one is silent", async () => {
    expect((await askUdp(question("example.com"))).answers).toMatchObject([{ data: "192.0.2.9" }]);
  });

  it("says so when no resolver answers", async () => {
    // The upstream of this spec speaks UDP only.
    expect(await askTcp(question("example.com"))).toMatchObject({ id: 7, rcode: "SERVFAIL" });
  });
});

const EDNS: Answer = {
  type: "OPT",
  name: ".",
  udpPayloadSize: 4_096,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};
