import { toJson } from "@bufbuild/protobuf";
import { EventSchema } from "@slipway/proto";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { eventLine } from "./event-lines.ts";

export interface EventsOptions extends GlobalOptions {
  readonly follow?: boolean;
  /** First position; default with --follow: from now on, else from the beginning. */
  readonly from?: number;
  readonly kind?: readonly string[];
  readonly type?: readonly string[];
  readonly allProjects?: boolean;
  readonly output?: string;
}

/** The event log, as it stands and as it grows. */
export const events = (context: CommandContext, options: EventsOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const from = options.from ?? (options.follow ? 0 : 1);
    const request = {
      fromPosition: BigInt(from),
      project: options.project ?? (options.allProjects === false ? session.project : ""),
      kinds: [...(options.kind ?? [])],
      types: [...(options.type ?? [])],
      untilHead: options.follow !== true,
    };
    for await (const answer of session.events.subscribe(request, { signal: context.signal })) {
      for (const event of answer.events) {
        context.terminal.out(
          options.output === "json" ? `${JSON.stringify(toJson(EventSchema, event))}\n` : `${eventLine(event)}\n`,
        );
      }
    }
  });

/** Everything that ever happened to one object. */
export const history = (
  context: CommandContext,
  kind: string,
  name: string | undefined,
  options: GlobalOptions & { readonly limit?: number; readonly output?: string },
): Promise<void> =>
  withSession(context, options, async (session) => {
    const [first = "", second] = kind.split("/");
    const wanted = name ?? second;
    if (wanted === undefined) throw new UsageError("Whose history? For example `slipway history pod/web-1`.");
    const limit = options.limit === undefined ? {} : { limit: options.limit };
    const answer = await session.events.history(
      { key: { kind: first, project: session.project, name: wanted }, ...limit },
      { signal: context.signal },
    );
    for (const event of answer.events) {
      context.terminal.out(
        options.output === "json" ? `${JSON.stringify(toJson(EventSchema, event))}\n` : `${eventLine(event)}\n`,
      );
    }
  });
