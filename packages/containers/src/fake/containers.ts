import { deferred, delay, raceSignal, SlipwayError } from "@slipway/kernel";
import type { ContainerInfo, ContainerSummary, Containers } from "../container.ts";
import { fakeCommit } from "./commit.ts";
import { fakeArchives } from "./files.ts";
import { findImage } from "./images.ts";
import { fakeLogs } from "./logs.ts";
import { fakeProcesses } from "./processes.ts";
import { programOf } from "./programs.ts";
import { endRun, signalRun, startRun } from "./run.ts";
import {
  conflict,
  emit,
  enter,
  type FakeContainer,
  type FakeState,
  findContainer,
  hasLabels,
  idOf,
  timeOf,
} from "./state.ts";

export const fakeContainers = (state: FakeState): Containers => ({
  async create(spec, signal) {
    await enter(state, "containers.create", spec.name ?? spec.image, signal);
    const image = findImage(state, spec.image);
    const id = idOf(state);
    const name = spec.name ?? `container-${id.slice(0, 12)}`;
    if ([...state.containers.values()].some((each) => each.name === name)) {
      throw conflict(`container "${name}"`, `Conflict. The container name "/${name}" is already in use`);
    }
    const command = spec.command ?? image.entrypoint;
    const container: FakeContainer = {
      id,
      name,
      spec,
      imageId: image.id,
      program: programOf(command, image.program),
      createdAt: timeOf(state),
      files: new Map(image.files),
      logs: [],
      status: "created",
      pid: 0,
      exitCode: 0,
      oomKilled: false,
      error: "",
      ip: "",
      exited: deferred(),
      attached: [],
    };
    state.containers.set(id, container);
    emit(state, container, "create");
    return { id };
  },

  async start(id, signal) {
    await enter(state, "containers.start", id, signal);
    const container = findContainer(state, id);
    if (container.status !== "running") startRun(state, container);
  },

  async stop(id, { graceSeconds = 10, signal } = {}) {
    await enter(state, "containers.stop", id, signal);
    const container = findContainer(state, id);
    if (container.status !== "running") return;
    signalRun(state, container, container.spec.stopSignal ?? "TERM");
    if (container.program.ignoresTerm) {
      const grace = delay(graceSeconds * 1_000, signal, state.clock);
      await Promise.race([grace, container.exited.promise]);
      endRun(state, container, 137);
    }
    emit(state, container, "stop");
  },

  async kill(id, signalName = "KILL") {
    await enter(state, "containers.kill", id);
    const container = findContainer(state, id);
    if (container.status !== "running") throw conflict(`container "${id}"`, `Container ${id} is not running`);
    signalRun(state, container, signalName);
  },

  async wait(id, { signal } = {}) {
    await enter(state, "containers.wait", id, signal);
    const container = findContainer(state, id);
    if (container.status === "running" || container.status === "paused") {
      await raceSignal(container.exited.promise, signal ?? new AbortController().signal);
    }
    return { exitCode: container.exitCode };
  },

  async remove(id, { force = false } = {}) {
    await enter(state, "containers.remove", id);
    let container: FakeContainer;
    try {
      container = findContainer(state, id);
    } catch {
      return;
    }
    if (container.status === "running") {
      if (!force)
        throw conflict(`container "${id}"`, "You cannot remove a running container. Stop it first or force removal");
      endRun(state, container, 137);
    }
    state.containers.delete(container.id);
    emit(state, container, "destroy");
  },

  async rename(id, name) {
    await enter(state, "containers.rename", id);
    const container = findContainer(state, id);
    container.name = name;
    emit(state, container, "rename");
  },

  async inspect(id, signal) {
    await enter(state, "containers.inspect", id, signal);
    return infoOf(findContainer(state, id));
  },

  async list({ labels, all = false, signal } = {}) {
    await enter(state, "containers.list", "", signal);
    return [...state.containers.values()]
      .filter((each) => (all || each.status === "running") && hasLabels(each.spec.labels, labels))
      .map(summaryOf);
  },

  async stats(id, signal) {
    await enter(state, "containers.stats", id, signal);
    const { status } = findContainer(state, id);
    const running = status === "running" ? 1 : 0;
    return {
      at: timeOf(state),
      cpuNanos: running * 1_000_000,
      memoryBytes: running * 1_048_576,
      memoryLimitBytes: 1_073_741_824,
      pids: running,
      receivedBytes: 0,
      sentBytes: 0,
    };
  },

  async resize(id) {
    await enter(state, "containers.resize", id);
    findContainer(state, id);
  },

  logs: (id, options = {}) => fakeLogs(state, id, options),
  commit: (id, options) => fakeCommit(state, id, options),
  ...fakeArchives(state),
  ...fakeProcesses(state),
});

/** What `inspect` tells; `mounts` are the spec's binds. */
const infoOf = (container: FakeContainer): ContainerInfo => {
  const { spec, status, pid, exitCode, oomKilled, error, startedAt, finishedAt, ip } = container;
  const mode = spec.network ?? { type: "network", name: "bridge" };
  const networkMode =
    mode.type === "network" ? mode.name : mode.type === "container" ? `container:${mode.id}` : mode.type;
  return {
    id: container.id,
    name: container.name,
    labels: spec.labels ?? {},
    image: spec.image,
    imageId: container.imageId,
    createdAt: container.createdAt,
    state: {
      status,
      pid,
      exitCode,
      oomKilled,
      error,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(finishedAt === undefined ? {} : { finishedAt }),
    },
    ip,
    ips: mode.type === "network" ? { [mode.name]: ip } : {},
    networkMode,
    mounts: (spec.binds ?? []).map(({ source, target, readOnly = false }) => ({ source, target, readOnly })),
    ports: (spec.ports ?? []).map((port) => ({
      protocol: "tcp",
      hostIp: "0.0.0.0",
      hostPort: port.containerPort,
      ...port,
    })),
    restartCount: 0,
    tty: spec.tty ?? false,
  };
};

const summaryOf = (container: FakeContainer): ContainerSummary => ({
  id: container.id,
  name: container.name,
  labels: container.spec.labels ?? {},
  image: container.spec.image,
  imageId: container.imageId,
  createdAt: container.createdAt,
  status: container.status,
  ip: container.ip,
});

/** Ends a container from outside, as a crash of its main process would. */
export const crash = (state: FakeState, id: string, exitCode: number): void => {
  const container = findContainer(state, id);
  if (container.status !== "running") throw new SlipwayError("EngineConflict", `The container "${id}" does not run.`);
  endRun(state, container, exitCode);
};
