import { request } from "node:http";
import { delay, SlipwayError } from "@slipway/kernel";
import { objectOf } from "../client/api-object.ts";
import { homeFolder } from "../client/client-config.ts";
import type { Session } from "../client/session.ts";
import { at } from "../tables/columns.ts";
import { readInstallation } from "../up/installation.ts";
import type { CommandContext, GlobalOptions } from "./context.ts";

/** An application that answers. */
export interface Answered {
  readonly url: string;
  readonly host: string;
  /** Where the edge listens. */
  readonly edge: { readonly host: string; readonly port: number };
}

interface RouteOptions extends GlobalOptions {
  /** `host:port` of the edge, where it is not the one of this machine. */
  readonly edge?: string;
  /** Default 60,000. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/** Asks the edge for the route until something else than its own error page answers. */
export const untilRouteAnswers = async (
  context: CommandContext,
  session: Session,
  route: string,
  options: RouteOptions,
): Promise<Answered> => {
  const { resource } = await session.resources.get(
    { key: { kind: "Route", project: session.project, name: route } },
    { signal: context.signal },
  );
  const host = String(at(objectOf(resource), "spec.host") ?? "");
  const edge = edgeOf(context, options);
  const end = performance.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  for (;;) {
    context.signal.throwIfAborted();
    const { status } = await askRoute(edge, host, "/").catch(() => NO_ANSWER);
    // The edge itself answers with 503 while no pod is ready.
    if (status > 0 && status !== 503) break;
    if (performance.now() > end) {
      throw new SlipwayError(
        "DeadlineExceeded",
        `The route ${host} does not answer at ${edge.host}:${edge.port}: look at \`slipway describe route/${route}\` and \`slipway get endpoints\`.`,
      );
    }
    await delay(POLL_MS, context.signal);
  }
  return { url: `http://${host}${edge.port === 80 ? "" : `:${edge.port}`}/`, host, edge };
};

const edgeOf = (context: CommandContext, options: RouteOptions): Answered["edge"] => {
  if (options.edge !== undefined) {
    const [host = "127.0.0.1", port = "80"] = options.edge.split(":");
    return { host, port: Number(port) };
  }
  const installation = readInstallation(homeFolder(options.home, context.env));
  return { host: installation?.edgeHost ?? "127.0.0.1", port: installation?.ports.edge ?? 8080 };
};

const NO_ANSWER = { status: 0, body: "" };

/** One GET through the edge, without looking the host's name up. */
export const askRoute = (
  edge: Answered["edge"],
  host: string,
  path: string,
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(
      { host: edge.host, port: edge.port, path, headers: { host }, timeout: 5_000, agent: false },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("data", (text: string) => {
          body += text;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on("error", reject);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer within 5 s")));
    sent.on("error", reject);
    sent.end();
  });
