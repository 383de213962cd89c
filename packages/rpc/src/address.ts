import { chmod, lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { SlipwayError } from "@slipway/kernel";

const UNIX = "unix:";

/**
 * Lets a server listen on `127.0.0.1:8443` (port 0: any free one) or `unix:/run/slipway/api.sock`, and gives the
 * address that it has then. A socket file is for its owner alone, and one that a dead process left is taken over.
 * Throws `PortTaken` when somebody listens there.
 */
export const listen = async (server: Server, address: string): Promise<string> => {
  const socketPath = address.startsWith(UNIX) ? address.slice(UNIX.length) : undefined;
  if (socketPath !== undefined) await removeDeadSocket(socketPath);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
    if (error === null) resolve(port);
    else reject(listenError(error, address));
  });
  const port = await promise;
  if (socketPath === undefined) return `${address.slice(0, address.lastIndexOf(":"))}:${port}`;
  await chmod(socketPath, 0o600);
  return address;
};

const listenError = (cause: Error, address: string): SlipwayError =>
  cause.message.includes("EADDRINUSE")
    ? taken(address, cause)
    : new SlipwayError(
        "StartFailed",
        `The API cannot listen on ${address} (${cause.message}): choose another address.`,
        {
          cause,
          fields: { address },
        },
      );

const taken = (address: string, cause?: Error): SlipwayError =>
  new SlipwayError("PortTaken", `Another program listens on ${address}: stop it, or give the API another address.`, {
    cause,
    fields: { address },
  });

const removeDeadSocket = async (path: string): Promise<void> => {
  const file = await lstat(path).catch(() => undefined);
  if (!file?.isSocket()) return;
  if (await answers(path)) throw taken(`${UNIX}${path}`);
  await unlink(path);
};

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true));
    socket.once("error", end(false));
  });
