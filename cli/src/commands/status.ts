import { homeFolder } from "../client/client-config.ts";
import { renderTable } from "../terminal/table.ts";
import { askSupervisor } from "../up/control.ts";
import { pathsOf, readInstallation } from "../up/installation.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";

/** The health of every part on one screen: processes on this machine, then what the API sees. */
export const status = async (context: CommandContext, options: GlobalOptions): Promise<void> => {
  const installation = readInstallation(homeFolder(options.home, context.env));
  if (installation !== undefined) {
    const local = await askSupervisor(pathsOf(installation).control, { op: "status" });
    if (local === undefined)
      context.terminal.out(`The platform in ${installation.home} is not running: \`slipway up\` starts it.\n`);
    else {
      const rows = local.parts.map(({ name, state, pid, restarts, message }) => [
        name,
        state,
        String(pid ?? ""),
        String(restarts),
        message ?? "",
      ]);
      context.terminal.out(renderTable(["PROCESS", "STATE", "PID", "RESTARTS", "MESSAGE"], rows));
      context.terminal.out("\n");
    }
    if (local === undefined) return;
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
  });
};
