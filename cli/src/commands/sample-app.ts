import { delay, isSlipwayError, SlipwayError } from "@slipway/kernel";
import { type ApiObject, objectOf } from "../client/api-object.ts";
import { homeFolder, readClientConfig } from "../client/client-config.ts";
import { openSession, type Session } from "../client/session.ts";
import { at } from "../tables/columns.ts";
import { pathsOf } from "../up/installation.ts";
import { inStep, type Output } from "../up/output.ts";
import { ensureSampleRepository } from "../up/sample-repository.ts";
import type { CommandContext } from "./context.ts";
import { createApp } from "./new-app.ts";
import { type Answered, askRoute, untilRouteAnswers } from "./until-route-answers.ts";

const NAME = "hello-node";
const PROJECT = "demo";
const REPLICAS = 3;
const REPLICAS_ANSWER_MS = 60_000;

/** Brings the sample application up, or finds it as its user left it, and waits until every replica has answered. */
export const runSample = async (
  context: CommandContext,
  { home }: { readonly home: string },
  output: Output,
): Promise<void> => {
  const session = openSession({ ...readClientConfig(home, {}), project: PROJECT });
  const { signal } = context;
  try {
    const project = { apiVersion: "project.openshift.io/v1", kind: "Project", metadata: { name: PROJECT } };
    await session.resources.apply({ manifests: [{ name: "project", content: JSON.stringify(project) }] }, { signal });
    const [pods, route] = await Promise.all([find(session, "rc", signal), find(session, "route", signal)]);
    const replicas = pods === undefined ? REPLICAS : Number(at(pods, "spec.replicas") ?? 1);
    if (pods !== undefined && (route === undefined || replicas === 0)) {
      output.line(`The platform is up; its sample was ${route === undefined ? "taken off its route" : "scaled to 0"}.`);
      return;
    }
    const answered =
      pods === undefined
        ? await build(context, session, home, output)
        : await inStep(output, "Waiting for the sample application", () =>
            untilRouteAnswers(context, session, NAME, { home }),
          );
    await inStep(output, "Asking every replica", (step) =>
      untilReplicasAnswer(answered, replicas, signal, step.progress),
    );
    sayWhatNext(context, answered, home);
  } finally {
    session.close();
  }
};

const find = async (session: Session, kind: string, signal: AbortSignal): Promise<ApiObject | undefined> => {
  try {
    return objectOf(
      (await session.resources.get({ key: { kind, project: PROJECT, name: NAME } }, { signal })).resource,
    );
  } catch (error) {
    if (isSlipwayError(error, "NotFound")) return undefined;
    throw error;
  }
};

const build = async (context: CommandContext, session: Session, home: string, output: Output): Promise<Answered> => {
  const url = await ensureSampleRepository(pathsOf({ home }).gitRepositories, NAME);
  return createApp(context, session, url, { home, name: NAME, replicas: REPLICAS }, output);
};

/** The sample says in each answer which of its replicas it came from. */
const untilReplicasAnswer = async (
  { edge, host }: Answered,
  replicas: number,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<void> => {
  const seen = new Set<string>();
  const end = performance.now() + REPLICAS_ANSWER_MS;
  for (;;) {
    const { body } = await askRoute(edge, host, "/whoami").catch(() => ({ body: "" }));
    const replica = /"replica":"([^"]+)"/.exec(body)?.[1];
    if (replica !== undefined) seen.add(replica);
    progress(`${seen.size} of ${replicas} have answered`);
    if (seen.size >= replicas) return;
    if (performance.now() > end) {
      throw new SlipwayError(
        "DeadlineExceeded",
        `Only ${seen.size} of ${replicas} replicas answer through the route: look at \`slipway get pods -n ${PROJECT}\`.`,
      );
    }
    await delay(20, signal);
  }
};

const sayWhatNext = (context: CommandContext, { url }: Answered, home: string): void => {
  const slipway = `./slipway${home === homeFolder(undefined, context.env) ? "" : ` --home ${home}`}`;
  const project = context.env.SLIPWAY_PROJECT ?? readClientConfig(home, {}).project;
  const flag = project === PROJECT ? "" : ` -n ${PROJECT}`;
  const lines = [
    [`curl ${url}whoami`, "ask it: its replicas take turns"],
    [`${slipway} get pods${flag}`, "what runs"],
    [`${slipway} events -f`, "everything that happens, as it happens"],
    [`${slipway} scale rc/${NAME} --replicas=5${flag}`, "more of it"],
    [`${slipway} history rc/${NAME}${flag}`, "what happened to it"],
    [`${slipway} new-app <git url>`, "your own application"],
  ] as const;
  const width = Math.max(...lines.map(([command]) => command.length));
  const text = lines.map(([command, what]) => `  ${command.padEnd(width)}   ${what}\n`).join("");
  context.terminal.out(`\nThe sample application answers: ${url}\n\n${text}\n`);
};
