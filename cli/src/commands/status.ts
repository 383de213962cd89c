import { SlipwayError } from "@slipway/kernel";
import { homeFolder } from "../client/client-config.ts";
import { renderTable } from "../terminal/table.ts";
import { askSupervisor, type SupervisorStatus } from "../up/control.ts";
import { pathsOf, readInstallation } from "../up/installation.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";

/** The health of every part on one screen: processes on this machine, then what the API sees. Fails when one is not well. */
export const status = async (context: CommandContext, options: GlobalOptions): Promise<void> => {
  const installation = readInstallation(homeFolder(options.home, context.env));
  const unwell: string[] = [];
  // With a server named in the environment, that one is meant.
  if (installation !== undefined && !context.env.SLIPWAY_SERVER) {
    const local = await askSupervisor(pathsOf(installation).control, { op: "status" });
    if (local === undefined) {
      throw new SlipwayError(
        "FailedPrecondition",
        `The platform in ${installation.home} is not running: \`slipway up\` starts it.`,
      );
    }
    context.terminal.out(`${processTable(local)}\n`);
    unwell.push(...local.parts.filter(({ state }) => state !== "ready").map(({ name }) => name));
  }
  await withSession(context, options, async (session) => {
    const answer = await session.resources.status({}, { signal: context.signal, timeoutMs: 10_000 });
    context.terminal.out(`Slipway ${answer.version} on ${session.server}, ${answer.head} events in the log\n`);
    const rows = answer.parts.map(({ name, healthy, message, lag }) => [
      name,
      healthy ? "ok" : "NOT OK",
      lag === undefined ? "" : String(lag),
      message,
    ]);
    context.terminal.out(renderTable(["PART", "HEALTH", "LAG", "MESSAGE"], rows));
    unwell.push(...answer.parts.filter(({ healthy }) => !healthy).map(({ name }) => name));
  });
  if (unwell.length > 0) throw new SlipwayError("FailedPrecondition", `Not well: ${[...new Set(unwell)].join(", ")}.`);
};

const processTable = ({ parts }: SupervisorStatus): string =>
  renderTable(
    ["PROCESS", "STATE", "PID", "RESTARTS", "MESSAGE"],
    parts.map(({ name, state, pid, restarts, message }) => [
      name,
      state,
      String(pid ?? ""),
      String(restarts),
      message ?? "",
    ]),
  );
