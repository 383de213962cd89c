import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import { objectOf } from "../client/api-object.ts";
import type { Session } from "../client/session.ts";
import { watch } from "../client/watch.ts";
import { at } from "../tables/columns.ts";
import { podRow } from "../tables/pod-row.ts";
import { progressOutput } from "../terminal/progress.ts";
import { inStep, type Output } from "../up/output.ts";
import { UsageError } from "../usage-error.ts";
import { type AppPlan, controller, surroundings } from "./app-manifests.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { type DetectedSource, detectSource } from "./detect-source.ts";
import { parseEnvPairs } from "./env-pairs.ts";
import { buildStage, waitForBuild } from "./follow-build.ts";
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
}

const DEFAULT_PORT = 8080;

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

/** Makes everything that an application needs, builds it and waits until it answers on its route. */
export const createApp = async (
  context: CommandContext,
  session: Session,
  uri: string,
  options: NewAppOptions,
  output: Output,
): Promise<Answered> => {
  const name = options.name ?? nameFromUri(uri);
  await refuseExisting(context, session, name);
  const source = await inStep(output, "Looking at the source", (step) =>
    chooseSource(uri, options, context.signal, step.progress),
  );
  const plan: AppPlan = {
    name,
    uri,
    source,
    port: options.port ?? DEFAULT_PORT,
    replicas: options.replicas ?? 1,
    env: parseEnvPairs(options.env),
    ...(options.ref ? { ref: options.ref } : {}),
    ...(options.contextDir ? { contextDir: options.contextDir } : {}),
    ...(options.routeHost ? { routeHost: options.routeHost } : {}),
  };
  await applyObjects(context, session, surroundings(plan));
  output.line(
    `${name} is built from ${uri}${source.strategy === "docker" ? "" : ` with ${source.builder}`}: ${source.why}.`,
  );
  const build = await inStep(output, "Building", async (step) => {
    const { build: started } = await session.builds.start(
      { project: session.project, buildConfig: name },
      { signal: context.signal },
    );
    return waitForBuild(session, started?.metadata?.name ?? "", context.signal, (state) =>
      step.progress(buildStage(state)),
    );
  });
  await applyObjects(context, session, [controller(plan, await builtImage(context, session, name, build))]);
  await inStep(output, `Starting ${plan.replicas} ${plan.replicas === 1 ? "pod" : "pods"}`, (step) =>
    untilPodsReady(context, session, plan, step.progress),
  );
  return inStep(output, "Waiting for the route", () => untilRouteAnswers(context, session, name, options));
};

const chooseSource = async (
  uri: string,
  options: NewAppOptions,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<DetectedSource> => {
  if (options.strategy !== undefined && !["source", "docker"].includes(options.strategy)) {
    throw new UsageError(`--strategy=${options.strategy} is unknown: use source or docker.`);
  }
  if (options.strategy === "docker") return { strategy: "docker", why: "you said so" };
  if (options.builder) return { strategy: "source", builder: options.builder, why: "you named the builder" };
  progress(uri);
  const detected = await detectSource(uri, options.ref, options.contextDir ?? "", signal);
  if (options.strategy === "source" && detected.strategy === "docker") {
    throw new SlipwayError(
      "Invalid",
      "The repository has a Dockerfile, so no builder could be chosen: name one with --builder.",
    );
  }
  return detected;
};

const refuseExisting = async (context: CommandContext, session: Session, name: string): Promise<void> => {
  try {
    await session.resources.get(
      { key: { kind: "BuildConfig", project: session.project, name } },
      { signal: context.signal },
    );
  } catch (error) {
    if (isSlipwayError(error, "NotFound")) return;
    throw error;
  }
  throw new SlipwayError(
    "AlreadyExists",
    `The application "${name}" exists already in project "${session.project}": \`slipway start-build ${name}\` builds it anew, or choose another --name.`,
  );
};

/** `https://host/team/shop.git` is the application `shop`. */
export const nameFromUri = (uri: string): string => {
  const last = uri.replace(/\/+$/, "").split(/[/:]/).at(-1) ?? "";
  const name = last
    .replace(/\.git$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  if (name === "") throw new UsageError(`No name can be made from ${uri}: choose one with --name.`);
  return name.slice(0, 58).replace(/-+$/, "");
};

const applyObjects = (context: CommandContext, session: Session, objects: readonly object[]) =>
  session.resources.apply(
    {
      manifests: [{ name: "new-app", content: JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }) }],
      project: session.project,
    },
    { signal: context.signal },
  );

const builtImage = async (context: CommandContext, session: Session, name: string, build: object): Promise<string> => {
  const { resource } = await session.resources.get(
    { key: { kind: "ImageStream", project: session.project, name } },
    { signal: context.signal },
  );
  const tags = (at(objectOf(resource), "status.tags") ?? []) as readonly {
    tag?: string;
    items?: readonly { dockerImageReference?: string }[];
  }[];
  const image = tags.find(({ tag }) => tag === "latest")?.items?.[0]?.dockerImageReference;
  if (image === undefined)
    throw new SlipwayError(
      "FailedPrecondition",
      `The build "${at(build, "metadata.name")}" left no image in the stream "${name}".`,
    );
  return image;
};

/** Waits until every pod is ready; pods that crash or cannot start end the wait with their reason and last words. */
const untilPodsReady = async (
  context: CommandContext,
  session: Session,
  plan: AppPlan,
  progress: (text: string) => void,
): Promise<void> => {
  const pods = new Map<string, { ready: boolean; status: string }>();
  const request = { kind: "pods", project: session.project, labelSelector: `app=${plan.name}` };
  for await (const { type, resource } of watch(session, request, context.signal)) {
    if (type !== "BOOKMARK") {
      const pod = objectOf(resource);
      const name = pod.metadata?.name ?? "";
      const { ready, status, restarts } = podRow(pod);
      if (type === "DELETED") pods.delete(name);
      else pods.set(name, { ready: ready === "1/1", status });
      if (restarts >= 3 || status === "CreateContainerConfigError") throw await crashed(context, session, name, status);
    }
    const ready = [...pods.values()].filter((pod) => pod.ready).length;
    progress(
      `${ready} of ${plan.replicas} ready${pods.size > ready ? ` (${[...new Set([...pods.values()].filter((pod) => !pod.ready).map((pod) => pod.status))].join(", ")})` : ""}`,
    );
    if (ready >= plan.replicas) return;
  }
};

const crashed = async (
  context: CommandContext,
  session: Session,
  pod: string,
  status: string,
): Promise<SlipwayError> => {
  const lines: string[] = [];
  try {
    for await (const chunk of session.pods.logs(
      { project: session.project, name: pod, tailLines: 10 },
      { signal: context.signal },
    )) {
      lines.push(...chunk.lines.map(({ text }) => text));
    }
  } catch {
    // The reason alone must do.
  }
  return new SlipwayError(
    "FailedPrecondition",
    `Pod "${pod}" does not stay up (${status}): \`slipway logs ${pod}\`.${lines.length > 0 ? `\n${lines.join("\n")}` : ""}`,
  );
};
