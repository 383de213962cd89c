import packet, { type Answer, type Packet } from "dns-packet";
import { CLUSTER_ZONE } from "../sandbox/plan/resolv-conf.ts";
import { answerQuestion, type ZoneView } from "./plan/zone.ts";

/** Short, so that a client soon sees pods that came or went. */
const TTL_SECONDS = 5;
/** What fits into a datagram when the asker does not say more. */
const PLAIN_UDP_BYTES = 512;

export type PacketAnswer =
  | { readonly type: "answer"; readonly bytes: Buffer }
  /** None of ours. */
  | { readonly type: "forward" }
  /** Not a question that could be answered. */
  | { readonly type: "ignore" };

/** Answers one query from the cluster's zone. */
export const answerPacket = (query: Buffer, view: ZoneView, transport: "udp" | "tcp"): PacketAnswer => {
  let asked: Packet;
  try {
    asked = packet.decode(query);
  } catch {
    return { type: "ignore" };
  }
  const question = asked.questions?.[0];
  if (question === undefined || asked.type === "response") return { type: "ignore" };
  const answer = answerQuestion({ name: question.name, type: question.type }, view);
  if (answer.type === "forward") return { type: "forward" };
  const empty = answer.records.length === 0;
  const flags =
    packet.AUTHORITATIVE_ANSWER | packet.RECURSION_AVAILABLE | ((asked.flags ?? 0) & packet.RECURSION_DESIRED);
  const reply: Packet = {
    id: asked.id ?? 0,
    type: "response",
    flags: flags | (answer.found ? 0 : NXDOMAIN),
    questions: [question],
    answers: answer.records.map((record) => ({ ...record, ttl: TTL_SECONDS })) as Answer[],
    authorities: empty ? [soa()] : [],
    additionals: answer.additional.map((record) => ({ ...record, ttl: TTL_SECONDS })) as Answer[],
  };
  const bytes = packet.encode(reply);
  if (transport === "tcp" || bytes.length <= udpRoom(asked)) return { type: "answer", bytes };
  const cut: Packet = { ...reply, flags: (reply.flags ?? 0) | packet.TRUNCATED_RESPONSE, answers: [], additionals: [] };
  return { type: "answer", bytes: packet.encode(cut) };
};

const NXDOMAIN = 3;
const SERVFAIL = 2;

/** Says that nobody could be asked. */
export const failurePacket = (query: Buffer): Buffer | undefined => {
  try {
    const { id, questions, flags = 0 } = packet.decode(query);
    const reply = { id: id ?? 0, type: "response", questions: questions ?? [] } as const;
    return packet.encode({
      ...reply,
      flags: packet.RECURSION_AVAILABLE | (flags & packet.RECURSION_DESIRED) | SERVFAIL,
    });
  } catch {
    return undefined;
  }
};

const udpRoom = ({ additionals = [] }: Packet): number => {
  const opt = additionals.find((record) => record.type === "OPT");
  return opt?.type === "OPT" ? Math.max(PLAIN_UDP_BYTES, opt.udpPayloadSize) : PLAIN_UDP_BYTES;
};

/** Tells resolvers how long "there is none" may be kept. */
const soa = (): Answer => ({
  type: "SOA",
  name: CLUSTER_ZONE,
  ttl: TTL_SECONDS,
  data: {
    mname: `ns.dns.${CLUSTER_ZONE}`,
    rname: `hostmaster.${CLUSTER_ZONE}`,
    serial: 1,
    refresh: 7_200,
    retry: 1_800,
    expire: 86_400,
    minimum: TTL_SECONDS,
  },
});
