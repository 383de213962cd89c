import { toJson } from "@bufbuild/protobuf";
import { type Event, EventSchema } from "@slipway/proto";
import { parseObjectNames } from "../client/object-names.ts";
import { resumed } from "../client/resumed.ts";
import type { Session } from "../client/session.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { eventLine } from "./event-lines.ts";

export interface EventsOptions extends GlobalOptions {
  readonly follow?: boolean;
  /** First position; default with --follow: from now on, else from the beginning. */
  readonly from?: number;
  readonly kind?: readonly string[];
  readonly type?: readonly string[];
  readonly output?: string;
}

/** The event log of all projects or of one, as it stands and as it grows. */
export const events = async (context: CommandContext, options: EventsOptions): Promise<void> => {
  const write = eventWriter(context, options.output);
  await withSession(context, options, async (session) => {
    const request = {
      project: options.project ?? "",
      kinds: await streamKinds(context, session, options.kind ?? []),
      types: [...(options.type ?? [])],
      untilHead: options.follow !== true,
    };
    const { head } = await session.resources.status({}, { signal: context.signal });
    const first = options.from === undefined ? (options.follow ? head + 1n : 1n) : BigInt(options.from);
    const answers = resumed(
      (after = first - 1n) =>
        session.events.subscribe({ ...request, fromPosition: after + 1n }, { signal: context.signal }),
      {
        signal: context.signal,
        after: first - 1n,
        onLost: () => context.terminal.err("The server went away: waiting for it.\n"),
      },
    );
    for await (const answer of answers) answer.events.forEach(write);
  });
};

/** Everything that ever happened to one object. */
export const history = async (
  context: CommandContext,
  object: string,
  name: string | undefined,
  options: GlobalOptions & { readonly limit?: number; readonly output?: string },
): Promise<void> => {
  const write = eventWriter(context, options.output);
  const [named] = parseObjectNames(name === undefined ? [object] : [object, name]);
  if (named?.name === undefined) throw new UsageError("Whose history? For example `slipway history pod/web-1`.");
  const { kind, name: wanted } = named;
  await withSession(context, options, async (session) => {
    const limit = options.limit === undefined ? {} : { limit: options.limit };
    const answer = await session.events.history(
      { key: { kind, project: session.project, name: wanted }, ...limit },
      { signal: context.signal },
    );
    answer.events.forEach(write);
  });
};

const eventWriter = ({ terminal }: CommandContext, format: string | undefined): ((event: Event) => void) => {
  if (format === "json") return (event) => terminal.out(`${JSON.stringify(toJson(EventSchema, event))}\n`);
  if (format === undefined) return (event) => terminal.out(`${eventLine(event)}\n`);
  throw new UsageError(`Events have no output format "${format}": leave it out, or use json.`);
};

/** Kinds by any of their names, as they stand in the names of streams. A pod has two streams. */
const streamKinds = async (
  { signal }: CommandContext,
  session: Session,
  names: readonly string[],
): Promise<string[]> => {
  if (names.length === 0) return [];
  const { kinds } = await session.resources.kinds({}, { signal });
  return names.flatMap((name) => {
    const known = kinds.find(({ kind, plural, shortNames }) =>
      [kind.toLowerCase(), plural, ...shortNames].includes(name.toLowerCase()),
    );
    // Streams that are no kind of their own, such as `service-ip`, are meant literally.
    const stream = known?.kind.toLowerCase() ?? name;
    return stream === "pod" ? ["pod", "pod-status"] : [stream];
  });
};
