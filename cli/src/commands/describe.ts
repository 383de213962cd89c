import { stringify } from "yaml";
import { type ApiObject, objectOf } from "../client/api-object.ts";
import { parseObjectNames } from "../client/object-names.ts";
import type { Session } from "../client/session.ts";
import { styled } from "../terminal/terminal.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { eventLine } from "./event-lines.ts";

/** How many events `describe` shows; `history` has them all. */
const EVENTS_SHOWN = 25;

/** One object in full, with what happened to it and, for a pod, why it is where it is. */
export const describe = async (
  context: CommandContext,
  args: readonly string[],
  options: GlobalOptions,
): Promise<void> => {
  const names = parseObjectNames(args);
  if (names.length === 0 || names.some(({ name }) => name === undefined)) {
    throw new UsageError("Say what to describe: for example `slipway describe pod/web-1`.");
  }
  await withSession(context, options, async (session) => {
    for (const { kind, name = "" } of names) await describeOne(context, session, kind, name);
  });
};

const describeOne = async (context: CommandContext, session: Session, kind: string, name: string): Promise<void> => {
  const key = { kind, project: session.project, name };
  const { resource } = await session.resources.get({ key }, { signal: context.signal });
  const object = objectOf(resource);
  const title = (text: string) => styled(context.terminal.colour, "bold", text);
  const { metadata, spec, status, subsets } = object as ApiObject & { subsets?: unknown };
  context.terminal.out(`${title("Name:")}      ${metadata?.name}\n`);
  if (metadata?.namespace) context.terminal.out(`${title("Project:")}   ${metadata.namespace}\n`);
  context.terminal.out(`${title("Created:")}   ${metadata?.creationTimestamp ?? ""}\n`);
  for (const [label, value] of [
    ["Labels", metadata?.labels],
    ["Annotations", metadata?.annotations],
    ["Spec", spec],
    ["Status", status],
    ["Subsets", subsets],
  ] as const) {
    if (value === undefined || Object.keys(value as object).length === 0) continue;
    context.terminal.out(`${title(`${label}:`)}\n${indent(stringify(value, { lineWidth: 0 }))}`);
  }
  const { events } = await session.events.history({ key, limit: EVENTS_SHOWN }, { signal: context.signal });
  context.terminal.out(`${title("Events:")}\n${indent(events.map((event) => `${eventLine(event)}\n`).join(""))}`);
};

const indent = (text: string): string => text.replace(/^(?=.)/gm, "  ");

interface Verdict {
  readonly node?: string;
  readonly feasible?: boolean;
  readonly reason?: string;
  readonly score?: number;
  readonly scores?: Readonly<Record<string, number>>;
}

/** Why a pod runs on its node, or on none: the scheduler's last verdict on each node it looked at. */
export const explain = (context: CommandContext, args: readonly string[], options: GlobalOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const [{ kind, name } = { kind: "", name: undefined }] = parseObjectNames(args);
    if (name === undefined) throw new UsageError("Say which pod: `slipway explain pod/web-1`.");
    const { events } = await session.events.history(
      { key: { kind, project: session.project, name } },
      { signal: context.signal },
    );
    const decision = events.findLast(({ type }) => type === "PodScheduled" || type === "PodUnschedulable");
    if (decision === undefined) {
      context.terminal.out(`No scheduler has looked at pod "${name}" yet.\n`);
      return;
    }
    const data = (decision.data ?? {}) as {
      node?: string;
      message?: string;
      explanation?: { verdicts?: readonly Verdict[]; omitted?: Record<string, number> };
    };
    context.terminal.out(
      decision.type === "PodScheduled"
        ? `Pod "${name}" was bound to node ${data.node} (position ${decision.position}).\n`
        : `Pod "${name}" has no node: ${data.message}\n`,
    );
    for (const { node, feasible, reason, score, scores } of data.explanation?.verdicts ?? []) {
      const points = Object.entries(scores ?? {})
        .map(([key, value]) => `${key} ${value}`)
        .join(", ");
      context.terminal.out(feasible ? `  ${node}: fits, ${score ?? 0} points (${points})\n` : `  ${node}: ${reason}\n`);
    }
    for (const [reason, count] of Object.entries(data.explanation?.omitted ?? {}))
      context.terminal.out(`  … and ${count} more: ${reason}\n`);
  });
