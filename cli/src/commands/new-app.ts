import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import { type ApiObject, objectOf } from "../client/api-object.ts";
import type { Session } from "../client/session.ts";
import { at } from "../tables/columns.ts";
import { progressOutput } from "../terminal/progress.ts";
import { inStep, type Output } from "../up/output.ts";
import { type AppPlan, controller, surroundings } from "./app-manifests.ts";
import { appNameOf } from "./app-name.ts";
import { chooseSource } from "./choose-source.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { parseEnvPairs } from "./env-pairs.ts";
import { buildStage, waitForBuild } from "./follow-build.ts";
import { untilPodsReady } from "./until-pods-ready.ts";
import { type Answered, untilRouteAnswers } from "./until-route-answers.ts";

export interface NewAppOptions extends GlobalOptions {
  readonly name?: string;
  readonly strategy?: string;
  readonly builder?: string;
  readonly contextDir?: string;
  readonly ref?: string;
  readonly port?: number;
  readonly replicas?: number;
  readonly routeHost?: string;
  readonly env?: readonly string[];
  /** Where routes answer: `host:port`. Default: the edge of the platform on this machine. */
  readonly edge?: string;
  /** Seconds that pods and route may take after the build, which has a limit of its own. */
  readonly timeout?: number;
}

const DEFAULT_PORT = 8080;
const DEFAULT_TIMEOUT_SECONDS = 300;

/** The command `new-app`: from a repository to an answering URL. */
export const newApp = (context: CommandContext, uri: string, options: NewAppOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const output = progressOutput(context.terminal);
    try {
      const { url } = await createApp(context, session, uri, options, output);
      context.terminal.out(`${url}\n`);
    } finally {
      output.close();
    }
  });

/**
 * Makes everything that an application needs, builds it and waits until it answers on its route. The pods come last,
 * on the image that the build made. One that was left without pods, because its build failed, is taken up again.
 */
export const createApp = async (
  context: CommandContext,
  session: Session,
  uri: string,
  options: NewAppOptions,
  output: Output,
): Promise<Answered> => {
  const { signal } = context;
  const name = options.name ?? appNameOf(uri);
  const env = parseEnvPairs(options.env);
  const begun = await requireUnfinished(session, name, uri, signal);
  const source = await inStep(output, "Looking at the source", (step) =>
    chooseSource(uri, options, signal, step.progress),
  );
  const plan: AppPlan = {
    name,
    uri,
    source,
    port: options.port ?? DEFAULT_PORT,
    replicas: options.replicas ?? 1,
    env,
    ...(options.ref ? { ref: options.ref } : {}),
    ...(options.contextDir ? { contextDir: options.contextDir } : {}),
    ...(options.routeHost ? { routeHost: options.routeHost } : {}),
  };
  await applyObjects(session, surroundings(plan), signal, !begun);
  output.line(
    `${name} is built from ${uri}${source.strategy === "docker" ? "" : ` with ${source.builder}`}: ${source.why}.`,
  );
  const build = await inStep(output, "Building", async (step) => {
    const request = { project: session.project, buildConfig: name };
    const { build: started } = await session.builds.start(request, { signal });
    return waitForBuild(session, started?.metadata?.name ?? "", signal, (state) => step.progress(buildStage(state)));
  });
  await applyObjects(session, [controller(plan, await builtImage(session, name, build, signal))], signal, true);
  const timeoutMs = (options.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  const wanted = { labelSelector: `app=${name}`, count: plan.replicas, port: plan.port, timeoutMs };
  await inStep(output, `Starting ${plan.replicas} ${plan.replicas === 1 ? "pod" : "pods"}`, (step) =>
    untilPodsReady(session, wanted, signal, step.progress),
  );
  return inStep(output, "Waiting for the route", () =>
    untilRouteAnswers(context, session, name, { ...options, timeoutMs }),
  );
};

/** Refuses what runs already or belongs to another repository; answers whether it was begun before. */
const requireUnfinished = async (
  session: Session,
  name: string,
  uri: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const find = async (kind: string): Promise<ApiObject | undefined> => {
    try {
      return objectOf(
        (await session.resources.get({ key: { kind, project: session.project, name } }, { signal })).resource,
      );
    } catch (error) {
      if (isSlipwayError(error, "NotFound")) return undefined;
      throw error;
    }
  };
  const [config, pods] = await Promise.all([find("BuildConfig"), find("ReplicationController")]);
  const builtFrom = config === undefined ? undefined : at(config, "spec.source.git.uri");
  if (pods === undefined && (config === undefined || builtFrom === uri)) return config !== undefined;
  throw new SlipwayError(
    "AlreadyExists",
    config !== undefined && builtFrom === uri
      ? `The application "${name}" exists already in project "${session.project}": \`slipway start-build ${name}\` builds it anew, or choose another --name.`
      : `There is something else named "${name}" in project "${session.project}": choose another --name.`,
  );
};

const applyObjects = (session: Session, objects: readonly object[], signal: AbortSignal, createOnly: boolean) => {
  const content = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const manifests = [{ name: "new-app", content }];
  return session.resources.apply({ manifests, project: session.project, createOnly }, { signal });
};

const builtImage = async (session: Session, name: string, build: ApiObject, signal: AbortSignal): Promise<string> => {
  const key = { kind: "ImageStream", project: session.project, name };
  const { resource } = await session.resources.get({ key }, { signal });
  const tags = (at(objectOf(resource), "status.tags") ?? []) as readonly {
    tag?: string;
    items?: readonly { dockerImageReference?: string }[];
  }[];
  const image = tags.find(({ tag }) => tag === "latest")?.items?.[0]?.dockerImageReference;
  if (image !== undefined) return image;
  const sentence = `The build "${build.metadata?.name}" left no image in the stream "${name}".`;
  throw new SlipwayError("FailedPrecondition", sentence);
};
