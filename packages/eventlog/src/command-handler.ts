import { type Decider, type EventMeta, isSlipwayError, type NewEvent, newId } from "@slipway/kernel";
import type { AppendResult, EventLog, StreamAppend } from "./port.ts";

/** An event before it has an id and a place in the log. */
interface Decided {
  readonly type: string;
  readonly data: unknown;
}

/** A stream's state as of a version. */
export interface Folded<State> {
  readonly state: State;
  readonly version: number;
}

export interface HandleCommandOptions<State, Command, Event extends Decided> {
  readonly log: Pick<EventLog, "append" | "readStream">;
  readonly stream: string;
  readonly decider: Decider<State, Command, Event>;
  readonly command: Command;
  readonly meta: EventMeta;
  /** A state known already, so that only later events are read. */
  readonly from?: Folded<State>;
  /** Tries in all before a conflict is the caller's. Default 5. */
  readonly attempts?: number;
  /** The id of each event of a decision; deterministic ones make a repeated command harmless. Default: random. */
  readonly eventId?: (event: Event, index: number) => string;
  readonly signal?: AbortSignal;
}

export interface CommandResult<State, Event> extends Folded<State> {
  /** What was decided and stored; empty when the wish was already true. */
  readonly events: readonly Event[];
  /** Absent when there was nothing to store. */
  readonly appended?: AppendResult;
}

/**
 * Carries out one command on one stream:
 * 1. fold the stream;
 * 2. decide; nothing to do ends here, and a refusal is thrown;
 * 3. append the decision at the version that was folded;
 * 4. when another writer was faster, begin again with what it wrote.
 */
export const handleCommand = async <State, Command, Event extends Decided>(
  options: HandleCommandOptions<State, Command, Event>,
): Promise<CommandResult<State, Event>> => {
  const { log, stream, decider, command, meta, attempts = 5, eventId = () => newId(), signal } = options;
  let folded: Folded<State> = options.from ?? { state: decider.initial, version: 0 };
  for (let attempt = 1; ; attempt++) {
    folded = await foldOn(log, stream, decider, folded, signal);
    const events = decider.decide(command, folded.state);
    if (events.length === 0) return { ...folded, events };
    const stored = events.map((event, index): NewEvent => ({ ...event, id: eventId(event, index) }));
    try {
      const appended = await log.append([{ stream, expected: folded.version, events: stored }], meta, signal);
      const state = events.reduce(decider.evolve, folded.state);
      return { state, version: folded.version + events.length, events, appended };
    } catch (error) {
      if (!isSlipwayError(error, "VersionConflict") || attempt >= attempts) throw error;
    }
  }
};

const foldOn = async <State, Command, Event extends Decided>(
  log: Pick<EventLog, "readStream">,
  stream: string,
  { evolve }: Decider<State, Command, Event>,
  from: Folded<State>,
  signal: AbortSignal | undefined,
): Promise<Folded<State>> => {
  const events = await log.readStream(stream, { fromVersion: from.version + 1, ...(signal && { signal }) });
  // The log holds only what deciders decided; `evolve` ignores a type that it does not know.
  const state = events.reduce((at, { type, data }) => evolve(at, { type, data } as Event), from.state);
  return { state, version: events.at(-1)?.version ?? from.version };
};

export interface DecideAndAppendOptions {
  readonly log: Pick<EventLog, "append">;
  readonly meta: EventMeta;
  /** Decides from the caller's read model, with the versions that the model has; empty when there is nothing to do. */
  readonly decide: () => readonly StreamAppend[] | Promise<readonly StreamAppend[]>;
  /** Brings the read model up to date after a conflict: wait until it holds version `actual` of `stream`. */
  readonly refresh: (conflict: Conflict) => void | Promise<void>;
  /** Tries in all before a conflict is the caller's. Default 5. */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
}

/** Which stream was another version than the decision had read. */
export interface Conflict {
  readonly stream: string;
  readonly expected: number;
  readonly actual: number;
}

/**
 * Carries out a decision over many streams:
 * 1. decide on the read model as it is; nothing to do ends here (`undefined`);
 * 2. append all of it, or nothing;
 * 3. when any stream has moved on, refresh the model and begin again.
 */
export const decideAndAppend = async (options: DecideAndAppendOptions): Promise<AppendResult | undefined> => {
  const { log, meta, decide, refresh, attempts = 5, signal } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const batch = await decide();
    if (batch.length === 0) return undefined;
    try {
      return await log.append(batch, meta, signal);
    } catch (error) {
      const conflict = conflictOf(error);
      if (conflict === undefined || attempt >= attempts) throw error;
      await refresh(conflict);
    }
  }
};

/** The facts of a `VersionConflict`; `undefined` for any other error. */
export const conflictOf = (error: unknown): Conflict | undefined => {
  if (!isSlipwayError(error, "VersionConflict")) return undefined;
  const { stream, expected, actual } = error.fields;
  return { stream: String(stream), expected: Number(expected), actual: Number(actual) };
};
