import type Docker from "dockerode";
import type { ProcessStreams } from "../container.ts";
import { guarded } from "./errors.ts";
import { requestHijack } from "./request.ts";
import { processStreams } from "./streams.ts";

/** Connects to the main process's streams; whether it has a terminal decides if they are framed. */
export const attach = (
  docker: Docker,
  id: string,
  { stdin = false, signal }: { readonly stdin?: boolean; readonly signal?: AbortSignal },
): Promise<ProcessStreams> =>
  guarded({ kind: "container", name: id }, signal, async () => {
    const { Config } = await docker.getContainer(id).inspect();
    const socket = await requestHijack(docker, {
      method: "POST",
      path: `/containers/${id}/attach`,
      query: { stream: true, stdin, stdout: true, stderr: true },
      signal,
    });
    return processStreams(socket, Config.Tty);
  });
