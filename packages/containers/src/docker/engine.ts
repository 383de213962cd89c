import { Agent } from "node:http";
import { inspect } from "node:util";
import Docker from "dockerode";
import type { ContainerEngine } from "../port.ts";
import { dockerContainers } from "./containers.ts";
import { guarded } from "./errors.ts";
import { containerEvents } from "./events.ts";
import { dockerImages } from "./images.ts";
import { dockerNetworks } from "./networks.ts";
import { requestJson } from "./request.ts";

export interface DockerEngineOptions {
  /** A Unix socket. Absent: `DOCKER_HOST`, else `/var/run/docker.sock`. */
  readonly socketPath?: string;
}

const ENGINE = { kind: "engine", name: "Docker Engine" } as const;

/** The engine behind a socket. Nothing is asked of it before the first call. */
export const dockerEngine = (options: DockerEngineOptions = {}): ContainerEngine => {
  // A connection kept over an engine's restart would fail its next call; a new one costs 0.1 ms on a socket.
  const agent = new Agent({ keepAlive: false });
  // The library describes its options, agent and all open sockets included, in a debug text that nobody reads: with
  // twenty calls under way that took seconds of the processor.
  Object.assign(agent, { [inspect.custom]: () => "Agent" });
  const docker = new Docker(
    // The library passes the agent on, but its types do not know it.
    { agent, ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }) } as Docker.DockerOptions,
  );
  return {
    containers: dockerContainers(docker),
    images: dockerImages(docker),
    networks: dockerNetworks(docker),
    ping: (signal) =>
      guarded(ENGINE, signal, async () => {
        await requestJson<unknown>(docker, { method: "GET", path: "/_ping", signal });
      }),
    info: (signal) =>
      guarded(ENGINE, signal, async () => {
        const raw = await requestJson<RawInfo>(docker, { method: "GET", path: "/info", signal });
        return {
          cpus: raw.NCPU,
          memoryBytes: raw.MemTotal,
          version: raw.ServerVersion,
          hostname: raw.Name,
          architecture: raw.Architecture,
          operatingSystem: raw.OperatingSystem,
          kernelVersion: raw.KernelVersion,
          dockerRootDir: raw.DockerRootDir,
          cgroupVersion: Number(raw.CgroupVersion ?? 1),
        };
      }),
    events: (events) => containerEvents(docker, events),
    close: () => agent.destroy(),
  };
};

interface RawInfo {
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly ServerVersion: string;
  readonly Name: string;
  readonly Architecture: string;
  readonly OperatingSystem: string;
  readonly KernelVersion: string;
  readonly DockerRootDir: string;
  readonly CgroupVersion?: string;
}
