import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ContainerEngine, ContainerSpec } from "@slipway/containers";
import { readLines } from "../build/lines.ts";

interface RunContainerOptions {
  readonly stdin?: Readable;
  /** Takes the output itself in place of lines of it. */
  readonly onStdout?: (stdout: Readable) => Promise<void>;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
  /** Looks at the container before it starts. */
  readonly beforeStart?: (id: string) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface ContainerRun {
  readonly exitCode: number;
  readonly oomKilled: boolean;
}

/**
 * Runs a container to its end and, while it still exists, hands it to `use`. It is removed in any case, also while it
 * still runs. An abort rejects with the signal's reason.
 */
export const runContainer = async <T>(
  engine: ContainerEngine,
  spec: ContainerSpec,
  options: RunContainerOptions,
  use: (id: string, run: ContainerRun) => Promise<T>,
): Promise<T> => {
  const { signal, onLine } = options;
  const { containers } = engine;
  const { id } = await containers.create(
    { ...spec, stdin: options.stdin !== undefined, log: { driver: "none" } },
    signal,
  );
  try {
    await options.beforeStart?.(id);
    const streams = await containers.attach(id, { stdin: options.stdin !== undefined, signal });
    try {
      const outputs = [
        options.onStdout?.(streams.stdout) ?? readLines(streams.stdout, (line) => onLine(line, "stdout")),
        readLines(streams.stderr, (line) => onLine(line, "stderr")),
      ];
      const allOutput = Promise.allSettled(outputs);
      await containers.start(id, signal);
      let sendError: unknown;
      if (options.stdin === undefined) streams.stdin.end();
      else {
        await pipeline(options.stdin, streams.stdin, { signal }).catch((error: unknown) => {
          sendError = isBrokenPipe(error) ? undefined : error;
        });
      }
      const { exitCode } = await containers.wait(id, { signal });
      const failed = (await allOutput).find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      if (sendError !== undefined) throw sendError;
      const { state } = await containers.inspect(id, signal);
      return await use(id, { exitCode, oomKilled: state.oomKilled });
    } finally {
      streams.close();
    }
  } finally {
    options.stdin?.destroy();
    await containers.remove(id, { force: true, volumes: true });
  }
};

/** A program that ends without reading everything breaks the pipe; its exit code says what that means. */
const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  ["EPIPE", "ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"].includes(
    String(error.code),
  );
