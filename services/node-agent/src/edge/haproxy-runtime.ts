import net from "node:net";
import { SlipwayError } from "@slipway/kernel";

const TIMEOUT_MS = 5_000;

/**
 * Sends commands to a running HAProxy's admin socket and answers what it said, which is nothing when all went well.
 * Fails with `NotReady` when it does not answer.
 */
export const haproxyCommands = (socketPath: string, commands: readonly string[]): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  const socket = net.connect(socketPath);
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("it did not answer in time")));
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", (cause) =>
    reject(new SlipwayError("NotReady", `The edge's HAProxy cannot be reached: ${cause.message}.`, { cause })),
  );
  socket.on("close", () => resolve(Buffer.concat(chunks).toString("utf8").trim()));
  socket.end(`${commands.join("; ")}\n`);
  return promise;
};
