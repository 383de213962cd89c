import { deferred, SlipwayError } from "@slipway/kernel";
import { emit, type FakeContainer, type FakeState, timeOf } from "./state.ts";

const KILLED = 137;
const TERMINATED = 143;

/** Starts the container's program: its output at once, its end by the clock. */
export const startRun = (state: FakeState, container: FakeContainer): void => {
  const { program } = container;
  if (program.startFails !== undefined) throw startFailure(state, container, program.startFails);
  checkSandbox(state, container);
  state.serial += 1;
  container.status = "running";
  container.pid = 1_000 + state.serial;
  container.exitCode = 0;
  container.oomKilled = false;
  container.error = "";
  container.exited = deferred();
  container.startedAt = timeOf(state);
  container.ip = addressOf(state, container);
  emit(state, container, "start");
  for (const stream of ["stdout", "stderr"] as const) {
    for (const text of program[stream] ?? []) container.logs.push({ at: timeOf(state), stream, text });
  }
  if (program.exitAfterMs !== undefined) {
    container.timer = state.clock.schedule(program.exitAfterMs, () => endRun(state, container, ownExitCode(container)));
  }
};

/** Ends the run with a code; waiters and listeners hear of it. */
export const endRun = (state: FakeState, container: FakeContainer, exitCode: number): void => {
  if (container.status !== "running" && container.status !== "paused") return;
  container.timer?.cancel();
  container.status = "exited";
  container.pid = 0;
  container.exitCode = exitCode;
  container.ip = "";
  container.finishedAt = timeOf(state);
  container.oomKilled = container.program.oom === true && exitCode === KILLED;
  if (container.oomKilled) emit(state, container, "oom");
  emit(state, container, "die", exitCode);
  container.exited.resolve();
};

/** A signal as the kernel would deliver it. */
export const signalRun = (state: FakeState, container: FakeContainer, signalName: string): void => {
  emit(state, container, "kill");
  const name = signalName.replace(/^SIG/, "");
  if (name === "KILL" || name === "9") endRun(state, container, KILLED);
  else if (!container.program.ignoresTerm && ["TERM", "INT", "QUIT", "15", "2"].includes(name)) {
    endRun(state, container, TERMINATED);
  }
};

const ownExitCode = ({ program }: FakeContainer): number => (program.oom ? KILLED : (program.exitCode ?? 0));

const startFailure = (state: FakeState, container: FakeContainer, reason: string): SlipwayError => {
  const text = `exec: "${container.spec.command?.[0] ?? "run"}": no such file or directory (${reason})`;
  container.error = text;
  container.exitCode = 127;
  container.finishedAt = timeOf(state);
  return new SlipwayError("ContainerStartFailed", text, { fields: { container: container.id, reason } });
};

const checkSandbox = (state: FakeState, container: FakeContainer): void => {
  const { network } = container.spec;
  if (network?.type !== "container" || state.containers.get(network.id)?.status === "running") return;
  throw new SlipwayError("ContainerStartFailed", `cannot join network of a non running container: ${network.id}`, {
    fields: { container: container.id, reason: "SandboxNotRunning" },
  });
};

/** The address asked for, else the first of the subnet that nobody has, from .2 on. */
const addressOf = (state: FakeState, container: FakeContainer): string => {
  const mode = container.spec.network ?? { type: "network", name: "bridge" };
  if (mode.type !== "network") return "";
  if ("ip" in mode && mode.ip !== undefined) return mode.ip;
  const prefix = (state.networks.get(mode.name)?.subnet ?? "172.17.0.0/16").split(".").slice(0, 3).join(".");
  const taken = new Set([...state.containers.values()].map((each) => each.ip));
  let last = 2;
  while (taken.has(`${prefix}.${last}`)) last += 1;
  return `${prefix}.${last}`;
};
