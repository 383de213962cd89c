import { isSlipwayError } from "@slipway/kernel";
import { stringify } from "yaml";
import { type ApiObject, objectOf } from "../client/api-object.ts";
import { parseObjectNames } from "../client/object-names.ts";
import type { Session } from "../client/session.ts";
import { podRow } from "../tables/pod-row.ts";
import { age } from "../terminal/age.ts";
import { styled } from "../terminal/terminal.ts";
import { UsageError } from "../usage-error.ts";
import { type ContainerStatus, containerLines, containerStatuses, hasEnded } from "./container-lines.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { eventLine } from "./event-lines.ts";
import { lastWords } from "./last-words.ts";
import { placementLines } from "./placement.ts";

/** How many events `describe` shows; `history` has them all. */
const EVENTS_SHOWN = 25;

/** Objects in full, with what happened to them and, for a pod, why it is where it is and how its containers fare. */
export const describe = async (
  context: CommandContext,
  args: readonly string[],
  options: GlobalOptions,
): Promise<void> => {
  const names = parseObjectNames(args);
  if (names.length === 0) throw new UsageError("Say what to describe: for example `slipway describe pod/web-1`.");
  await withSession(context, options, async (session) => {
    const { project } = session;
    const { signal } = context;
    const objects: ApiObject[] = [];
    for (const { kind, name } of names) {
      const found =
        name === undefined
          ? (await session.resources.list({ kind, project }, { signal })).resources
          : [(await session.resources.get({ key: { kind, project, name } }, { signal })).resource];
      objects.push(...found.map(objectOf));
    }
    if (objects.length === 0) context.terminal.err(`No resources found in project ${project}.\n`);
    for (const [i, object] of objects.entries()) {
      if (i > 0) context.terminal.out("\n");
      await describeOne(context, session, object);
    }
  });
};

const describeOne = async (context: CommandContext, session: Session, object: ApiObject): Promise<void> => {
  const { metadata, spec, status, subsets, kind = "" } = object;
  const line = (title: string, text: string) =>
    context.terminal.out(`${styled(context.terminal.colour, "bold", `${title}:`.padEnd(11))}${text}\n`);
  const block = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    context.terminal.out(`${styled(context.terminal.colour, "bold", `${title}:`)}\n`);
    for (const each of lines) context.terminal.out(`  ${each}\n`);
  };
  const yaml = (title: string, value: unknown) => {
    if (value === undefined || Object.keys(value as object).length === 0) return;
    block(title, stringify(value, { lineWidth: 0 }).trimEnd().split("\n"));
  };
  const events = await eventsOf(context, session, object);

  line("Name", metadata?.name ?? "");
  line("Kind", kind);
  if (metadata?.namespace) line("Project", metadata.namespace);
  if (metadata?.creationTimestamp)
    line("Created", `${metadata.creationTimestamp} (${age(metadata.creationTimestamp, context.now())} ago)`);
  yaml("Labels", metadata?.labels);
  yaml("Annotations", metadata?.annotations);
  if (kind === "Pod") {
    line("Status", [podRow(object).status, status?.message].filter(Boolean).join(": "));
    if (status?.podIP) line("IP", String(status.podIP));
    const placement = placementLines(events);
    line("Placement", placement?.summary ?? "no scheduler has looked at it yet");
    for (const each of placement?.nodes ?? []) context.terminal.out(`  ${each}\n`);
    const lines: string[] = [];
    for (const container of containerStatuses(object))
      lines.push(...containerLines(container), ...(await logLines(context, session, object, container)));
    block("Containers", lines);
  }
  yaml("Spec", spec);
  if (kind !== "Pod") yaml("Status", status);
  yaml("Subsets", subsets);
  block("Events", events.slice(-EVENTS_SHOWN).map(eventLine));
};

/** Derived objects, such as endpoints, have no history of their own. */
const eventsOf = async (context: CommandContext, session: Session, { kind = "", metadata }: ApiObject) => {
  const key = { kind, project: metadata?.namespace ?? "", name: metadata?.name ?? "" };
  try {
    return (await session.events.history({ key }, { signal: context.signal })).events;
  } catch (error) {
    if (isSlipwayError(error, "NotFound")) return [];
    throw error;
  }
};

/** The last lines of a container that has ended: of the run that ended. */
const logLines = async (
  context: CommandContext,
  session: Session,
  pod: ApiObject,
  container: ContainerStatus,
): Promise<string[]> => {
  if (!hasEnded(container)) return [];
  const words = await lastWords(session, context.signal, {
    pod: pod.metadata?.name ?? "",
    container: container.name ?? "",
    previous: container.state?.running !== undefined,
  });
  return words.length === 0 ? [] : ["  Last lines:", ...words.map((text) => `    ${text}`)];
};
