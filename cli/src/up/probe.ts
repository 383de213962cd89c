import { connect } from "node:net";

const PROBE_TIMEOUT_MS = 2_000;

/** Why a part does not do its work; `silent` when it took the question and did not answer it in time. */
export interface Problem {
  readonly message: string;
  readonly silent?: true;
}

/** Whether a part does its work: `http://…` answers 200, or `tcp://host:port` takes a connection. Undefined: it does. */
export const probe = async (url: string, timeoutMs = PROBE_TIMEOUT_MS): Promise<Problem | undefined> => {
  const { protocol, hostname, port } = new URL(url);
  if (protocol === "tcp:") return probePort(hostname, Number(port), timeoutMs);
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    return answer.ok ? undefined : { message: (await answer.text()).slice(0, 300) || `answers ${answer.status}` };
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") return SILENT;
    return { message: error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error) };
  }
};

const SILENT: Problem = { message: "does not answer", silent: true };

const probePort = (host: string, port: number, timeout: number): Promise<Problem | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const end = (problem?: Problem) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on("connect", () => end());
    socket.on("timeout", () => end(SILENT));
    socket.on("error", (error) => end({ message: error.message }));
  });
