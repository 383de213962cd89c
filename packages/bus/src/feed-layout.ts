import { partsOf, subjectOf } from "./subject.ts";
import { TOPOLOGY } from "./topology.ts";
import type { StreamMessage } from "./transport.ts";

/** The pod that a node should run: the full desired pod, by the pod's uid. */
export interface AssignmentKey {
  readonly node: string;
  readonly uid: string;
}

/** The ready addresses behind a service. */
export interface EndpointsKey {
  readonly project: string;
  readonly service: string;
}

/** How a feed's keys stand in subjects. */
export interface FeedLayout<K> {
  readonly stream: string;
  /** The subject of a key; parts that are left out stand for any. */
  readonly subject: (key: Partial<K>) => string;
  readonly key: (subject: string) => K | undefined;
}

/** `slipway.node.<node>.pod.<uid>` */
export const assignmentsLayout: FeedLayout<AssignmentKey> = {
  stream: TOPOLOGY.assignments.name,
  subject: ({ node, uid }) => `${subjectOf("slipway.node", [node])}.${subjectOf("pod", [uid])}`,
  key: (subject) => {
    const [node, pod, uid] = partsOf("slipway.node", 3, subject) ?? [];
    return node !== undefined && pod === "pod" && uid !== undefined ? { node, uid } : undefined;
  },
};

/** `slipway.endpoints.<project>.<service>` */
export const endpointsLayout: FeedLayout<EndpointsKey> = {
  stream: TOPOLOGY.endpoints.name,
  subject: ({ project, service }) => subjectOf("slipway.endpoints", [project, service]),
  key: (subject) => {
    const [project, service] = partsOf("slipway.endpoints", 2, subject) ?? [];
    return project !== undefined && service !== undefined ? { project, service } : undefined;
  },
};

const TOMBSTONE = "Slipway-Tombstone";
/** When the tombstone was laid, in milliseconds since the epoch. */
const TOMBSTONE_AT = "Slipway-Tombstone-At";

/** The headers of a message that says that its key is gone. */
export const tombstoneHeaders = (nowMs: number): Record<string, string> => ({
  [TOMBSTONE]: "1",
  [TOMBSTONE_AT]: String(nowMs),
});

export const isTombstone = (message: StreamMessage): boolean => message.header(TOMBSTONE) !== "";

/** When a tombstone was laid; `undefined` for a value. */
export const tombstoneAtMs = (message: StreamMessage): number | undefined =>
  isTombstone(message) ? Number(message.header(TOMBSTONE_AT)) : undefined;
