import { addAbortSignal } from "node:stream";
import type Docker from "dockerode";
import type { ExecResult, ExecSession, ExecSpec } from "../container.ts";
import { toEnvList } from "./container-config.ts";
import { demultiplex } from "./demultiplex.ts";
import { guarded } from "./errors.ts";
import { processStreams } from "./streams.ts";

const DEFAULT_MAX_OUTPUT_BYTES = 1024 * 1024;

/** Runs a command in a running container to its end. What comes after the limit is read and dropped. */
export const exec = (
  docker: Docker,
  id: string,
  spec: ExecSpec & { readonly maxOutputBytes?: number },
): Promise<ExecResult> =>
  guarded({ kind: "container", name: id }, spec.signal, async () => {
    const { process, socket } = await open(docker, id, spec, { stdin: false, tty: false });
    const parts: Buffer[] = [];
    let room = spec.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
    for await (const { data } of demultiplex(socket)) {
      if (room > 0) parts.push(data.subarray(0, room));
      room -= data.length;
    }
    return { exitCode: await exitCodeOf(process), output: Buffer.concat(parts).toString("utf8") };
  });

export const execStreams = (
  docker: Docker,
  id: string,
  spec: ExecSpec & { readonly tty?: boolean; readonly stdin?: boolean },
): Promise<ExecSession> =>
  guarded({ kind: "container", name: id }, spec.signal, async () => {
    const { tty = false, stdin = false } = spec;
    const { process, socket } = await open(docker, id, spec, { stdin, tty });
    const { ended, ...streams } = processStreams(socket, tty);
    const subject = { kind: "container", name: id } as const;
    const exitCode = guarded(subject, spec.signal, async () => {
      await ended;
      return exitCodeOf(process);
    });
    exitCode.catch(() => {});
    return {
      ...streams,
      exitCode,
      resize: ({ columns, rows }) =>
        guarded(subject, undefined, async () => {
          await process.resize({ w: columns, h: rows });
        }),
    };
  });

const open = async (docker: Docker, id: string, spec: ExecSpec, { stdin, tty }: { stdin: boolean; tty: boolean }) => {
  const process = await docker.getContainer(id).exec({
    Cmd: [...spec.command],
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    Tty: tty,
    ...(spec.env === undefined ? {} : { Env: toEnvList(spec.env) }),
    ...(spec.user === undefined ? {} : { User: spec.user }),
    ...(spec.workingDir === undefined ? {} : { WorkingDir: spec.workingDir }),
    ...(spec.privileged === undefined ? {} : { Privileged: spec.privileged }),
  });
  const socket = await process.start({ hijack: true, stdin, Tty: tty });
  if (spec.signal !== undefined) addAbortSignal(spec.signal, socket);
  return { process, socket };
};

/** The engine may close the streams a moment before it knows the code; asking again bridges that. */
const exitCodeOf = async (process: Docker.Exec): Promise<number> => {
  for (;;) {
    const { Running, ExitCode } = await process.inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
