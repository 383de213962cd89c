import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Containers, ExecSession } from "../container.ts";
import { endRun } from "./run.ts";
import { conflict, enter, type FakeState, findContainer } from "./state.ts";

/** The commands that a process in the fake understands; any other answers nothing and 0. */
const runCommand = (command: readonly string[], input: Buffer): { exitCode: number; output: Buffer } => {
  const [program = "", ...args] = command;
  if (program === "echo") return { exitCode: 0, output: Buffer.from(`${args.join(" ")}\n`) };
  if (program === "cat") return { exitCode: 0, output: input };
  return { exitCode: program === "false" ? 1 : 0, output: Buffer.alloc(0) };
};

export const fakeProcesses = (state: FakeState): Pick<Containers, "exec" | "execStreams" | "attach"> => {
  const running = (id: string) => {
    const container = findContainer(state, id);
    if (container.status !== "running") throw conflict(`container "${id}"`, `Container ${id} is not running`);
    return container;
  };

  return {
    async exec(id, { command, signal, maxOutputBytes = 1_048_576 }) {
      await enter(state, "containers.exec", id, signal);
      running(id);
      const { exitCode, output } = runCommand(command, Buffer.alloc(0));
      return { exitCode, output: output.subarray(0, maxOutputBytes).toString("utf8") };
    },

    async execStreams(id, { command, signal, stdin: wanted = false }): Promise<ExecSession> {
      await enter(state, "containers.execStreams", id, signal);
      running(id);
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
      if (!wanted) stdin.end();
      stderr.end();
      const exitCode = buffer(stdin).then((input) => {
        const done = runCommand(command, input);
        stdout.end(done.output);
        return done.exitCode;
      });
      return { stdin, stdout, stderr, exitCode, resize: async () => {}, close: () => stdout.destroy() };
    },

    async attach(id, { signal } = {}) {
      await enter(state, "containers.attach", id, signal);
      const container = findContainer(state, id);
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
      stderr.end();
      if (container.program.echoesStdin) {
        stdin.pipe(stdout);
        stdin.once("end", () => endRun(state, container, container.program.exitCode ?? 0));
      } else {
        stdin.resume();
        stdout.end((container.program.stdout ?? []).map((line) => `${line}\n`).join(""));
      }
      return { stdin, stdout, stderr, close: () => stdout.destroy() };
    },
  };
};
