import type { Readable } from "node:stream";
import { SlipwayError } from "@slipway/kernel";
import type Docker from "dockerode";
import type { BuildOptions } from "../image.ts";
import { engineReply, toEngineError } from "./errors.ts";
import { lineWriter } from "./line-writer.ts";
import { progressMessages, StreamedFailure } from "./progress.ts";
import { uploadStream } from "./request.ts";

/** Builds with the engine's own (classic) builder: every engine from 20.10 on has it behind this one call. */
export const buildImage = async (
  docker: Docker,
  context: Readable | Buffer,
  options: BuildOptions,
): Promise<string> => {
  const { signal } = options;
  signal?.throwIfAborted();
  const log = lineWriter(options.onLog ?? (() => {}));
  try {
    const body = await uploadStream(docker, {
      method: "POST",
      path: "/build",
      query: toQuery(options),
      headers: { "X-Registry-Config": registryConfig(options) },
      body: context,
      signal,
    });
    let imageId: string | undefined;
    for await (const message of progressMessages(body)) {
      if (message.stream !== undefined) log.write(message.stream);
      // A pull of the base image reports many small steps; its sentences are enough.
      else if (message.status !== undefined && message.progressDetail === undefined) log.write(`${message.status}\n`);
      imageId = message.aux?.ID ?? imageId;
    }
    if (imageId === undefined) throw new StreamedFailure("the engine ended the build without an image", undefined);
    return imageId;
  } catch (error) {
    if (!Buffer.isBuffer(context)) context.destroy();
    if (signal?.aborted) throw signal.reason;
    throw toBuildError(error);
  } finally {
    log.end();
  }
};

const toQuery = (options: BuildOptions): Record<string, string | number | boolean | readonly string[]> => ({
  // 1 is the classic builder; 2 would need a session beside the request.
  version: "1",
  dockerfile: options.dockerfile ?? "Dockerfile",
  t: options.tags ?? [],
  rm: true,
  forcerm: true,
  nocache: options.noCache ?? false,
  ...(options.forcePull ? { pull: true } : {}),
  ...(options.buildArgs === undefined ? {} : { buildargs: JSON.stringify(options.buildArgs) }),
  ...(options.labels === undefined ? {} : { labels: JSON.stringify(options.labels) }),
  ...(options.networkMode === undefined ? {} : { networkmode: options.networkMode }),
  ...(options.target === undefined ? {} : { target: options.target }),
  ...(options.memoryBytes === undefined ? {} : { memory: options.memoryBytes, memswap: options.memoryBytes }),
  ...(options.cpuShares === undefined ? {} : { cpushares: options.cpuShares }),
  ...(options.extraHosts === undefined ? {} : { extrahosts: options.extraHosts }),
});

const registryConfig = ({ auths = [] }: BuildOptions): string => {
  const config = Object.fromEntries(
    auths.map(({ serverAddress = "", username, password }) => [serverAddress, { username, password }]),
  );
  return Buffer.from(JSON.stringify(config)).toString("base64url");
};

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, "DiskFull"],
  [
    /dockerfile parse error|cannot locate specified dockerfile|unknown instruction|failed to read dockerfile|dockerfile.*(?:empty|not exist)|failed to process|invalid (?:field|from)/i,
    "Dockerfile",
  ],
  [
    /pull access denied|manifest (?:for|unknown)|not found: manifest|repository does not exist|no such host|registry|dial tcp/i,
    "PullBaseImage",
  ],
];

const toBuildError = (error: unknown): SlipwayError => {
  const { status, text } = engineReply(error);
  const exitCode = error instanceof StreamedFailure ? error.exitCode : undefined;
  const told = error instanceof StreamedFailure || (status !== undefined && /dockerfile/i.test(text));
  if (!told) return toEngineError(error, { kind: "engine", name: "build" });
  const stepReason = exitCode === 137 ? "OutOfMemory" : "Step";
  const stepFailed = exitCode !== undefined || /returned a non-zero code|^(?:COPY|ADD) failed/.test(text);
  const reason = REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? (stepFailed ? stepReason : "Unknown");
  const fields = { reason, ...(exitCode === undefined ? {} : { exitCode }) };
  return new SlipwayError("ImageBuildFailed", `The image could not be built: ${text}.`, { cause: error, fields });
};
