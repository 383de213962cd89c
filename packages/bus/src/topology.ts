import type { Transport } from "./transport.ts";

/** What Slipway writes into a stream's description, as JSON: facts that must live and die with the stream. */
export interface StreamNotes {
  /**
   * EVENTS: how far positions are ahead of sequences. 0 unless a lost stream started again from the middle of the log.
   * Fixed when the stream is made: position = sequence + offset.
   */
  readonly offset?: number;
  /** Compacted feeds: the owner has written the whole of its state since the stream was made. */
  readonly complete?: boolean;
  /** Compacted feeds: the newest tombstone that was ever purged; a watcher that has not read so far must start over. */
  readonly purgedTo?: number;
}

/** One stream of the bus, as data. A limit that is absent does not apply. */
export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  /** `log`: until age or size; `last`: the last message of each subject; `queue`: until a consumer has acknowledged it. */
  readonly keeps: "log" | "last" | "queue";
  readonly maxAgeMs?: number;
  readonly maxBytes?: number;
  readonly maxMessageBytes?: number;
  /** How long the server remembers message ids. */
  readonly dedupMs: number;
  /** Messages can be taken out one by one (tombstones). */
  readonly deletable: boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MIB = 1_048_576;

/** Every stream of the bus. `EVENTS` mirrors the log and is made by the relay alone, which knows its offset. */
export const TOPOLOGY = {
  events: {
    name: "EVENTS",
    subjects: ["slipway.event.>"],
    keeps: "log",
    maxAgeMs: 7 * DAY_MS,
    dedupMs: 2 * MINUTE_MS,
    deletable: false,
  },
  assignments: {
    name: "ASSIGNMENTS",
    subjects: ["slipway.node.*.pod.*"],
    keeps: "last",
    dedupMs: 2 * MINUTE_MS,
    deletable: true,
  },
  endpoints: {
    name: "ENDPOINTS",
    subjects: ["slipway.endpoints.*.*"],
    keeps: "last",
    dedupMs: 2 * MINUTE_MS,
    deletable: true,
  },
  reports: {
    name: "REPORTS",
    subjects: ["slipway.report.*.*"],
    keeps: "queue",
    maxAgeMs: 7 * DAY_MS,
    dedupMs: 10 * MINUTE_MS,
    deletable: true,
  },
  logs: {
    name: "LOGS",
    subjects: ["slipway.logs.*.*.*.*.*"],
    keeps: "log",
    maxAgeMs: 7 * DAY_MS,
    maxBytes: 1024 * MIB,
    dedupMs: 2 * MINUTE_MS,
    deletable: true,
  },
} as const satisfies Record<string, StreamSpec>;

/** What an installation may choose about the streams. */
export interface TopologyOptions {
  /** Copies of each stream: 1, or 3 on a JetStream cluster. */
  readonly replicas?: number;
  /** Room for container and build logs. */
  readonly logsMaxBytes?: number;
  /** How long the bus carries events; older ones are read from the log. */
  readonly eventsMaxAgeMs?: number;
}

/** The streams as this installation wants them. */
const streamSpecs = (options: TopologyOptions): readonly StreamSpec[] => [
  { ...TOPOLOGY.events, maxAgeMs: options.eventsMaxAgeMs ?? TOPOLOGY.events.maxAgeMs },
  TOPOLOGY.assignments,
  TOPOLOGY.endpoints,
  TOPOLOGY.reports,
  { ...TOPOLOGY.logs, maxBytes: options.logsMaxBytes ?? TOPOLOGY.logs.maxBytes },
];

/**
 * Makes the streams that are missing and brings the settings of the others up to date; what is in them, and their
 * notes, stays. Safe to repeat and to run from several processes at once. `EVENTS` is made only when
 * `eventsOffset` is given.
 */
export const ensureTopology = async (
  transport: Pick<Transport, "ensureStream">,
  options: TopologyOptions & { readonly eventsOffset?: number } = {},
): Promise<void> => {
  for (const spec of streamSpecs(options)) {
    const events = spec.name === TOPOLOGY.events.name;
    const notes: StreamNotes = events ? { offset: options.eventsOffset ?? 0 } : {};
    await transport.ensureStream(spec, {
      notes,
      create: !events || options.eventsOffset !== undefined,
      replicas: options.replicas ?? 1,
    });
  }
};

/** Notes from a description; a description that somebody else wrote counts as no notes. */
export const parseNotes = (description: string | undefined): StreamNotes => {
  if (description === undefined || description === "") return {};
  let read: unknown;
  try {
    read = JSON.parse(description);
  } catch {
    return {};
  }
  if (typeof read !== "object" || read === null) return {};
  const offset = "offset" in read && Number.isSafeInteger(read.offset) ? { offset: Number(read.offset) } : {};
  const complete = "complete" in read && read.complete === true ? { complete: true } : {};
  const purgedTo = "purgedTo" in read && Number.isSafeInteger(read.purgedTo) ? { purgedTo: Number(read.purgedTo) } : {};
  return { ...offset, ...complete, ...purgedTo };
};
