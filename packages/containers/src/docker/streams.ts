import { type Duplex, PassThrough, type Writable } from "node:stream";
import type { ProcessStreams } from "../container.ts";
import { demultiplex, unframed } from "./demultiplex.ts";

/** A raw two-way connection as the three streams of a process. `ended` settles when both outputs have. */
export const processStreams = (socket: Duplex, tty: boolean): ProcessStreams & { readonly ended: Promise<void> } => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  // Whoever reads the outputs learns of a broken connection there; stdin's own errors (EPIPE) follow from it.
  socket.on("error", () => {});
  const pump = async (): Promise<void> => {
    try {
      const frames = tty ? unframed(socket) : demultiplex(socket);
      for await (const frame of frames) await write(frame.stream === "stdout" ? stdout : stderr, frame.data);
      stdout.end();
      stderr.end();
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const output of [stdout, stderr]) {
        output.on("error", () => {});
        output.destroy(failure);
      }
      throw failure;
    }
  };
  const ended = pump();
  ended.catch(() => {});
  return { stdin: socket as Writable, stdout, stderr, ended, close: () => socket.destroy() };
};

/** Resolves when there is room again, or nobody who could make any. */
const write = async (output: PassThrough, data: Buffer): Promise<void> => {
  if (output.destroyed || output.write(data)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      output.off("drain", done);
      output.off("close", done);
      resolve();
    };
    output.on("drain", done);
    output.on("close", done);
  });
};
