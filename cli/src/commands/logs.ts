import { timestampDate } from "@bufbuild/protobuf/wkt";
import { SlipwayError } from "@slipway/kernel";
import type { LogChunk } from "@slipway/proto";
import { objectOf } from "../client/api-object.ts";
import type { Session } from "../client/session.ts";
import { at } from "../tables/columns.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";

export interface LogsOptions extends GlobalOptions {
  readonly follow?: boolean;
  readonly tail?: number;
  /** Seconds. */
  readonly since?: number;
  readonly previous?: boolean;
  readonly container?: string;
  readonly timestamps?: boolean;
}

/** The logs of a pod, of a build, of the newest build of a config, or of the first pod of a controller. */
export const logs = async (context: CommandContext, target: string, options: LogsOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const [kind, name] = targetOf(target);
    if (kind === "build") return buildLogs(context, session, name, options);
    if (kind === "config") return buildLogs(context, session, await newestBuild(context, session, name), options);
    const pod = kind === "controller" ? await firstPod(context, session, name) : name;
    const since = options.since === undefined ? {} : { sinceSeconds: options.since };
    const stream = session.pods.logs(
      {
        project: session.project,
        name: pod,
        container: options.container ?? "",
        follow: options.follow === true,
        previous: options.previous === true,
        ...(options.tail === undefined ? {} : { tailLines: options.tail }),
        ...since,
      },
      { signal: context.signal },
    );
    await print(context, stream, options.timestamps === true);
  });

const KINDS = {
  pod: ["pod", "pods", "po"],
  build: ["build", "builds"],
  config: ["bc", "buildconfig", "buildconfigs"],
  controller: ["rc", "replicationcontroller", "replicationcontrollers"],
} as const;

/** `web-1` is a pod; anything else says its kind. */
const targetOf = (target: string): [keyof typeof KINDS, string] => {
  const [first = "", name] = target.split("/");
  if (name === undefined) return ["pod", first];
  for (const [kind, names] of Object.entries(KINDS)) {
    if (name !== "" && (names as readonly string[]).includes(first.toLowerCase()))
      return [kind as keyof typeof KINDS, name];
  }
  throw new UsageError(`"${target}" has no logs: name a pod, build/x, bc/x or rc/x.`);
};

export const buildLogs = async (
  context: CommandContext,
  session: Session,
  name: string,
  options: LogsOptions,
): Promise<void> => {
  const tail = options.tail === undefined ? {} : { tailLines: options.tail };
  const stream = session.builds.logs(
    { project: session.project, name, follow: options.follow === true, ...tail },
    { signal: context.signal },
  );
  await print(context, stream, options.timestamps === true);
};

const print = async (context: CommandContext, chunks: AsyncIterable<LogChunk>, timestamps: boolean): Promise<void> => {
  for await (const { lines } of chunks) {
    for (const line of lines) {
      const moment = timestamps && line.at ? `${timestampDate(line.at).toISOString()} ` : "";
      context.terminal.out(`${moment}${line.text}\n`);
    }
  }
};

const newestBuild = async (context: CommandContext, session: Session, config: string): Promise<string> => {
  const { resource } = await session.resources.get(
    { key: { kind: "BuildConfig", project: session.project, name: config } },
    { signal: context.signal },
  );
  const number = at(objectOf(resource), "status.lastVersion");
  if (!number)
    throw new SlipwayError("NotFound", `Build config "${config}" has no build yet: \`slipway start-build ${config}\`.`);
  return `${config}-${number}`;
};

const firstPod = async (context: CommandContext, session: Session, controller: string): Promise<string> => {
  const { resource } = await session.resources.get(
    { key: { kind: "rc", project: session.project, name: controller } },
    { signal: context.signal },
  );
  const selector = Object.entries((at(objectOf(resource), "spec.selector") ?? {}) as Record<string, string>);
  const { resources } = await session.resources.list(
    {
      kind: "pods",
      project: session.project,
      labelSelector: selector.map(([key, value]) => `${key}=${value}`).join(","),
    },
    { signal: context.signal },
  );
  const [name, ...others] = resources.map((each) => objectOf(each).metadata?.name ?? "");
  if (name === undefined) throw new SlipwayError("NotFound", `Replication controller "${controller}" has no pods.`);
  if (others.length > 0) context.terminal.err(`${others.length + 1} pods: these are the logs of pod/${name}.\n`);
  return name;
};
