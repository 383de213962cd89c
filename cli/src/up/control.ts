import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import type { PartState } from "./kept-process.ts";

/** What the supervisor is asked, one line of JSON each way. */
export type ControlRequest = { readonly op: "status" } | { readonly op: "stop" };

export interface SupervisorStatus {
  readonly pid: number;
  /** `failed`: it could not start, and ends. */
  readonly phase: "starting" | "running" | "stopping" | "failed";
  /** What is being done, or why it failed. */
  readonly message: string;
  readonly parts: readonly PartState[];
}

/** Answers requests on a unix socket that only its owner may use. */
export const serveControl = (path: string, answer: (request: ControlRequest) => SupervisorStatus): Promise<Server> =>
  new Promise((resolve, reject) => {
    rmSync(path, { force: true });
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString("utf8");
        const end = text.indexOf("\n");
        if (end < 0) {
          if (text.length > 10_000) socket.destroy();
          return;
        }
        try {
          socket.end(`${JSON.stringify(answer(JSON.parse(text.slice(0, end)) as ControlRequest))}\n`);
        } catch {
          socket.destroy();
        }
      });
    });
    server.on("error", reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve(server);
    });
  });

/** Asks the supervisor; undefined when none answers. */
export const askSupervisor = (path: string, request: ControlRequest): Promise<SupervisorStatus | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ path, timeout: 5_000 });
    let text = "";
    socket.on("connect", () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on("data", (chunk) => {
      text += chunk.toString("utf8");
    });
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => {
      try {
        resolve(JSON.parse(text) as SupervisorStatus);
      } catch {
        resolve(undefined);
      }
    });
  });
