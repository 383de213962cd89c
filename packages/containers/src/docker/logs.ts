import type Docker from "dockerode";
import type { LogsOptions } from "../container.ts";
import type { LogLine } from "../log-line.ts";
import { demultiplex, unframed } from "./demultiplex.ts";
import { guarded } from "./errors.ts";
import { logLines } from "./log-lines.ts";
import { requestStream } from "./request.ts";
import { toEngineTime } from "./time.ts";

/** Reads the engine's kept output of one container, and with `follow` what comes until it exits. */
export async function* containerLogs(docker: Docker, id: string, options: LogsOptions): AsyncGenerator<LogLine> {
  const { signal } = options;
  const subject = { kind: "container", name: id } as const;
  if (signal?.aborted) return;
  try {
    const source = await guarded(subject, signal, async () => {
      const { Config } = await docker.getContainer(id).inspect();
      const query = {
        stdout: true,
        stderr: true,
        timestamps: true,
        follow: options.follow ?? false,
        ...(options.since === undefined ? {} : { since: toEngineTime(options.since) }),
        ...(options.until === undefined ? {} : { until: toEngineTime(options.until) }),
        ...(options.tail === undefined ? {} : { tail: options.tail }),
      };
      const body = await requestStream(docker, { method: "GET", path: `/containers/${id}/logs`, query, signal });
      return Config.Tty ? logLines(unframed(body), "line") : logLines(demultiplex(body), "frame");
    });
    yield* source;
  } catch (error) {
    if (signal?.aborted) return;
    await guarded(subject, undefined, () => Promise.reject(error));
  }
}
