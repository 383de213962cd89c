import type Docker from "dockerode";
import type { Containers } from "../container.ts";
import { getArchive, putArchive } from "./archive.ts";
import { attach } from "./attach.ts";
import { commit } from "./commit.ts";
import { toContainerConfig } from "./container-config.ts";
import { toContainerInfo, toContainerSummary } from "./container-info.ts";
import { toContainerStats } from "./container-stats.ts";
import { guarded, guardedUnless, type Subject } from "./errors.ts";
import { exec, execStreams } from "./exec.ts";
import { labelFilter } from "./labels.ts";
import { containerLogs } from "./logs.ts";
import { toStartError } from "./start-error.ts";

const ALREADY_SO = 304;
const GONE = 404;

const container = (id: string): Subject => ({ kind: "container", name: id });

const abortOption = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

export const dockerContainers = (docker: Docker): Containers => ({
  create: (spec, signal) =>
    guarded(container(spec.name ?? spec.image), signal, async () => {
      const { id } = await docker.createContainer({ ...toContainerConfig(spec), ...abortOption(signal) });
      return { id };
    }),

  async start(id, signal) {
    signal?.throwIfAborted();
    try {
      await docker.getContainer(id).start(abortOption(signal));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if ((error as { statusCode?: unknown }).statusCode !== ALREADY_SO) throw toStartError(error, id);
    }
  },

  stop: (id, { graceSeconds, signal } = {}) =>
    guardedUnless([ALREADY_SO], container(id), signal, () =>
      docker
        .getContainer(id)
        .stop({ ...(graceSeconds === undefined ? {} : { t: graceSeconds }), ...abortOption(signal) }),
    ),

  kill: (id, signalName) =>
    guarded(container(id), undefined, async () => {
      await docker.getContainer(id).kill(signalName === undefined ? {} : { signal: signalName });
    }),

  wait: (id, { signal } = {}) =>
    guarded(container(id), signal, async () => {
      const answer = (await docker.getContainer(id).wait(abortOption(signal))) as { StatusCode: number };
      return { exitCode: answer.StatusCode };
    }),

  remove: (id, { force = false, volumes = false } = {}) =>
    guardedUnless([GONE], container(id), undefined, () => docker.getContainer(id).remove({ force, v: volumes })),

  rename: (id, name) =>
    guarded(container(id), undefined, async () => {
      await docker.getContainer(id).rename({ name });
    }),

  inspect: (id, signal) =>
    guarded(container(id), signal, async () =>
      toContainerInfo(await docker.getContainer(id).inspect(abortOption(signal))),
    ),

  list: ({ labels, all = false, signal } = {}) =>
    guarded({ kind: "engine", name: "list of containers" }, signal, async () => {
      const filters = { label: labelFilter(labels) };
      const found = await docker.listContainers({ all, filters, ...abortOption(signal) });
      return found.map(toContainerSummary);
    }),

  logs: (id, options = {}) => containerLogs(docker, id, options),

  stats: (id, signal) =>
    guarded(container(id), signal, async () =>
      toContainerStats(
        await docker.getContainer(id).stats({ stream: false, "one-shot": true, ...abortOption(signal) }),
      ),
    ),

  exec: (id, spec) => exec(docker, id, spec),
  execStreams: (id, spec) => execStreams(docker, id, spec),
  attach: (id, options = {}) => attach(docker, id, options),

  resize: (id, { columns, rows }) =>
    guarded(container(id), undefined, async () => {
      await docker.getContainer(id).resize({ w: columns, h: rows });
    }),

  putArchive: (id, path, tar, signal) => putArchive(docker, id, path, tar, signal),
  getArchive: (id, path, signal) => getArchive(docker, id, path, signal),
  commit: (id, options) => commit(docker, id, options),
});
