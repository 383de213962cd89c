import { type BuildCommand, buildDecider, imageStreamDecider } from "@slipway/domain";
import { conflictOf, type EventLog, handleCommand, type StreamAppend } from "@slipway/eventlog";
import {
  backoffDelayMs,
  type Clock,
  delay,
  type EventMeta,
  isSlipwayError,
  newId,
  SlipwayError,
  type StoredEvent,
  streamName,
} from "@slipway/kernel";
import type { GitSourceRevisionJson } from "@slipway/proto";
import type { OutputImage } from "../image/output-image.ts";
import { BuildFailure } from "./build-failure.ts";
import type { BuildStage } from "./build-run.ts";

interface JournalOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly project: string;
  readonly name: string;
  readonly uid: string;
  /** `<builder>/<session>`: another one after each restart. */
  readonly builder: string;
}

/** How the taking of a build went. */
type Taken =
  | { readonly taken: true; readonly first: boolean; readonly startedMs: number }
  /** Somebody else has it, or it is over. */
  | { readonly taken: false }
  /** It was taken before, more often than a restart explains. */
  | { readonly taken: "too-often" };

/** What becomes of one build, as events. Each call waits out a log that is away; a refusal is thrown. */
export interface BuildJournal {
  take(signal: AbortSignal): Promise<Taken>;
  stage(stage: BuildStage, signal: AbortSignal): Promise<void>;
  sourceFetched(revision: GitSourceRevisionJson, signal: AbortSignal): Promise<void>;
  /** Tags the image and ends the build, both or neither. `InvalidOutputReference` when the image stream is gone. */
  succeed(
    image: { readonly output: OutputImage; readonly digest: string } | undefined,
    signal: AbortSignal,
  ): Promise<void>;
  fail(reason: string, message: string, logSnippet: string, signal: AbortSignal): Promise<void>;
  cancelled(logSnippet: string, signal: AbortSignal): Promise<void>;
}

const ACTOR = "service:builder";
/** A build is begun again once; a second restart during it is no accident any more. */
const MAX_STARTS = 2;
const ATTEMPTS = 10;
const BACKOFF = { initialMs: 100, maxMs: 5_000 };

export const createBuildJournal = (options: JournalOptions): BuildJournal => {
  const { log, clock, project, name, uid, builder } = options;
  const stream = streamName("build", project, name);
  let meta: EventMeta = { actor: ACTOR };
  const at = () => new Date(clock.now()).toISOString();
  const write = (command: BuildCommand, signal: AbortSignal) =>
    waitingOut(clock, signal, () =>
      handleCommand({ log, stream, decider: buildDecider, command, meta, attempts: ATTEMPTS, signal }),
    );

  return {
    take: async (signal) => {
      const events = await waitingOut(clock, signal, () => log.readStream(stream, { signal }));
      const requested = events.findLast(({ type }) => type === "BuildRequested");
      if (requested !== undefined) meta = followUp(requested);
      const starts = events.filter((event) => event.type === "BuildStarted" && uidOf(event) === uid).length;
      if (starts >= MAX_STARTS) return { taken: "too-often" };
      try {
        const command: BuildCommand = { type: "StartBuild", uid, builder, at: at(), retake: starts > 0 };
        const { state, events: started } = await write(command, signal);
        if (started.length === 0 || state.status !== "live") return { taken: false };
        return { taken: true, first: starts === 0, startedMs: Date.parse(state.startedAt ?? "") || clock.now() };
      } catch (error) {
        if (isSlipwayError(error, "FailedPrecondition")) return { taken: false };
        throw error;
      }
    },
    stage: async (stage, signal) => void (await write({ type: "StartBuildStage", uid, stage, at: at() }, signal)),
    sourceFetched: async (git, signal) =>
      void (await write({ type: "RecordBuildSource", uid, revision: { git } }, signal)),
    fail: async (reason, message, logSnippet, signal) =>
      void (await write({ type: "FailBuild", uid, reason, message, logSnippet, at: at() }, signal)),
    cancelled: async (logSnippet, signal) =>
      void (await write({ type: "FinishCancelledBuild", uid, logSnippet, at: at() }, signal)),
    succeed: (image, signal) =>
      waitingOut(clock, signal, async () => {
        for (let attempt = 1; ; attempt++) {
          const batch = await decideSuccess(options, stream, image, at(), signal);
          if (batch.length === 0) return;
          try {
            await log.append(batch, meta, signal);
            return;
          } catch (error) {
            if (conflictOf(error) === undefined || attempt >= ATTEMPTS) throw error;
          }
        }
      }),
  };
};

const decideSuccess = async (
  { log, project, name, uid }: JournalOptions,
  stream: string,
  image: { readonly output: OutputImage; readonly digest: string } | undefined,
  at: string,
  signal: AbortSignal,
): Promise<StreamAppend[]> => {
  const build = await fold(log, stream, buildDecider, signal);
  const dockerImageReference = image?.output.reference ?? "";
  const ended = buildDecider.decide(
    { type: "SucceedBuild", uid, dockerImageReference, imageDigest: image?.digest ?? "", at },
    build.state,
  );
  // Cancelled or deleted in the meantime: then nothing is tagged either.
  if (ended.length === 0) return [];
  const ending = { stream, expected: build.version, events: ended.map((event) => ({ ...event, id: newId() })) };
  if (image?.output.tag === undefined) return [ending];
  const { tag } = image.output;
  const target = streamName("imagestream", tag.project, tag.stream);
  const images = await fold(log, target, imageStreamDecider, signal);
  const tagged = tagEvents(images.state, image.output, image.digest, `build ${project}/${name}`, at);
  if (tagged.length === 0) return [ending];
  return [
    { stream: target, expected: images.version, events: tagged.map((event) => ({ ...event, id: newId() })) },
    ending,
  ];
};

const tagEvents = (
  state: Parameters<typeof imageStreamDecider.evolve>[0],
  { repository, tag }: OutputImage,
  digest: string,
  cause: string,
  at: string,
) => {
  try {
    const dockerImageReference = `${repository}@${digest}`;
    return imageStreamDecider.decide(
      { type: "TagImage", tag: tag?.tag ?? "", dockerImageReference, image: digest, cause, at },
      state,
    );
  } catch (error) {
    if (!isSlipwayError(error, "NotFound")) throw error;
    throw new BuildFailure(
      "InvalidOutputReference",
      `The image stream "${tag?.stream}" was deleted while the build ran.`,
      { cause: error },
    );
  }
};

const fold = async <State, Event>(
  log: EventLog,
  stream: string,
  { initial, evolve }: { readonly initial: State; readonly evolve: (state: State, event: Event) => State },
  signal: AbortSignal,
): Promise<{ readonly state: State; readonly version: number }> => {
  const events = await log.readStream(stream, { signal });
  // The log holds only what deciders decided; `evolve` ignores a type that it does not know.
  return {
    state: events.reduce((state, event) => evolve(state, event as Event), initial),
    version: events.at(-1)?.version ?? 0,
  };
};

const uidOf = ({ data }: StoredEvent): unknown =>
  typeof data === "object" && data !== null && "uid" in data ? data.uid : undefined;

/** Everything that a build causes belongs to the story of its request. */
const followUp = ({ id, meta }: StoredEvent): EventMeta => ({
  actor: ACTOR,
  causation: id,
  ...(meta.correlation !== undefined && { correlation: meta.correlation }),
  ...(meta.traceparent !== undefined && { traceparent: meta.traceparent }),
});

/** Repeats until the log can be reached; only the signal ends that. */
const waitingOut = async <T>(clock: Clock, signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SlipwayError) || error.class !== "Transient") throw error;
      await delay(Math.max(backoffDelayMs(BACKOFF, attempt), error.retryAfterMs ?? 0), signal, clock);
    }
  }
};
