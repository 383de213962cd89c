import { delay, isSlipwayError, SlipwayError } from "@slipway/kernel";
import { homeFolder, readClientConfig } from "../client/client-config.ts";
import { openSession, type Session } from "../client/session.ts";
import { progressOutput } from "../terminal/progress.ts";
import { stopPlatform } from "../up/down.ts";
import { pathsOf } from "../up/installation.ts";
import { inStep, type Output } from "../up/output.ts";
import { ensureSampleRepository } from "../up/sample-repository.ts";
import { startPlatform } from "../up/up.ts";
import type { CommandContext, GlobalOptions } from "./context.ts";
import { createApp } from "./new-app.ts";
import { type Answered, askRoute, untilRouteAnswers } from "./until-route-answers.ts";

export interface UpCommandOptions extends GlobalOptions {
  readonly detach?: boolean;
  /** False with --no-sample. */
  readonly sample?: boolean;
  readonly instance?: string;
  readonly portBase?: number;
  readonly edgePort?: number;
  readonly edgeHost?: string;
  readonly dockerSocket?: string;
  readonly podCidr?: string;
  readonly serviceCidr?: string;
  readonly imageMirror?: string;
}

const SAMPLE = "hello-node";
const SAMPLE_PROJECT = "demo";
const SAMPLE_REPLICAS = 3;
const REPLICAS_ANSWER_MS = 60_000;

/** The local mode: everything on this machine, up to an application that answers. */
export const up = async (context: CommandContext, options: UpCommandOptions): Promise<void> => {
  const home = homeFolder(options.home, context.env);
  const output = progressOutput(context.terminal);
  let running = false;
  let already = false;
  try {
    ({ already } = await startPlatform({ ...options, home, signal: context.signal }, output));
    running = true;
    if (already) output.line("The platform is running already.");
    if (options.sample !== false) await runSample(context, { ...options, home }, output);
    else output.line(`The platform is up: \`slipway status\` shows its parts.`);
  } catch (error) {
    output.close();
    // A platform that runs but whose sample failed goes on: that is where the reason can be looked at.
    if (running && !context.signal.aborted) {
      output.line("The platform goes on without its sample: `slipway status` shows it, `slipway down` stops it.");
    } else if (!already && (context.signal.aborted || isSlipwayError(error, "StartFailed"))) {
      await stopPlatform({ home }, output);
    }
    throw error;
  }
  // Whoever started it stops it.
  if (options.detach || already) return;
  output.line("Ctrl-C stops the platform; applications go on.");
  const awake = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve(), { once: true }));
  clearInterval(awake);
  output.line("");
  await stopPlatform({ home }, output);
};

const runSample = async (
  context: CommandContext,
  options: UpCommandOptions & { home: string },
  output: Output,
): Promise<void> => {
  const session = openSession({ ...readClientConfig(options.home, {}), project: SAMPLE_PROJECT });
  try {
    await session.resources.apply(
      {
        manifests: [
          {
            name: "project",
            content: JSON.stringify({
              apiVersion: "project.openshift.io/v1",
              kind: "Project",
              metadata: { name: SAMPLE_PROJECT },
            }),
          },
        ],
      },
      { signal: context.signal },
    );
    const answered = (await sampleExists(context, session))
      ? await inStep(output, "Waiting for the sample application", () =>
          untilRouteAnswers(context, session, SAMPLE, options),
        )
      : await buildSample(context, session, options, output);
    await inStep(output, "Asking every replica", (step) => untilReplicasAnswer(context, answered, step.progress));
    sayWhatNext(context, answered, options.home);
  } finally {
    session.close();
  }
};

const sampleExists = async (context: CommandContext, session: Session): Promise<boolean> => {
  try {
    await session.resources.get(
      { key: { kind: "rc", project: SAMPLE_PROJECT, name: SAMPLE } },
      { signal: context.signal },
    );
    return true;
  } catch (error) {
    if (isSlipwayError(error, "NotFound")) return false;
    throw error;
  }
};

const buildSample = async (
  context: CommandContext,
  session: Session,
  options: UpCommandOptions & { home: string },
  output: Output,
): Promise<Answered> => {
  const { home } = options;
  const url = await ensureSampleRepository(pathsOf({ home }).gitRepositories, SAMPLE);
  return createApp(context, session, url, { home, name: SAMPLE, replicas: SAMPLE_REPLICAS }, output);
};

const untilReplicasAnswer = async (
  context: CommandContext,
  { edge, host }: Answered,
  progress: (text: string) => void,
): Promise<void> => {
  const seen = new Set<string>();
  const end = performance.now() + REPLICAS_ANSWER_MS;
  while (seen.size < SAMPLE_REPLICAS) {
    const { body } = await askRoute(edge, host, "/whoami").catch(() => ({ body: "" }));
    const replica = /"replica":"([^"]+)"/.exec(body)?.[1];
    if (replica !== undefined) seen.add(replica);
    progress(`${seen.size} of ${SAMPLE_REPLICAS} have answered`);
    if (seen.size >= SAMPLE_REPLICAS) return;
    if (performance.now() > end) {
      throw new SlipwayError(
        "DeadlineExceeded",
        `Only ${seen.size} of ${SAMPLE_REPLICAS} replicas answer through the route: look at \`slipway get pods\`.`,
      );
    }
    await delay(20, context.signal);
  }
};

const sayWhatNext = (context: CommandContext, { url }: Answered, home: string): void => {
  const flag = home === homeFolder(undefined, context.env) ? "" : ` --home ${home}`;
  context.terminal.out(`
The sample application answers: ${url}

  curl ${url}whoami                 ask it: three replicas take turns
  ./slipway${flag} get pods              what runs
  ./slipway${flag} events -f             everything that happens, as it happens
  ./slipway${flag} scale rc/${SAMPLE} --replicas=5
  ./slipway${flag} history rc/${SAMPLE}
  ./slipway${flag} new-app <git url>     your own application

`);
};
