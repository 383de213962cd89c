import { connect } from "node:net";

const PROBE_TIMEOUT_MS = 2_000;

/** Whether a part does its work: `http://…` answers 200, or `tcp://host:port` takes a connection. Otherwise why not. */
export const probe = async (url: string): Promise<string | undefined> => {
  const { protocol, hostname, port } = new URL(url);
  if (protocol === "tcp:") return probePort(hostname, Number(port));
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return answer.ok ? undefined : (await answer.text()).slice(0, 300) || `answers ${answer.status}`;
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
};

const probePort = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_TIMEOUT_MS });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on("connect", () => end());
    socket.on("timeout", () => end("does not answer"));
    socket.on("error", (error) => end(error.message));
  });
