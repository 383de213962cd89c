import type { Containers } from "@slipway/containers";
import type { EndpointsValue } from "@slipway/domain";
import { asSlipwayError, backoffDelayMs, type Clock, isSlipwayError } from "@slipway/kernel";
import type { PodJson } from "@slipway/proto";
import type { Logger } from "@slipway/runtime";
import { containerSpec } from "../container/plan/container-spec.ts";
import { podPaths } from "../container/plan/host-paths.ts";
import type { AgentIdentity } from "../container/plan/labels.ts";
import type { NodeMemory } from "../container/plan/resources.ts";
import type { LogShipper } from "../log/log-shipper.ts";
import type { PodFiles } from "../sandbox/pod-files.ts";
import type { SandboxSource } from "../sandbox/sandbox-source.ts";
import { remakeDelayMs } from "./plan/plan-start.ts";
import type { PodAction } from "./plan/pod-action.ts";
import type { PodMemory } from "./pod-book.ts";

export interface PodActionsOptions {
  readonly containers: Containers;
  readonly sandboxes: SandboxSource;
  readonly files: PodFiles;
  readonly logs: LogShipper;
  readonly servicesOf: (project: string) => readonly EndpointsValue[];
  readonly identity: AgentIdentity;
  readonly hostIP: string;
  readonly stateDir: string;
  readonly memory: NodeMemory;
  readonly clock: Clock;
  readonly logger: Logger;
}

type EngineAction = Extract<
  PodAction,
  { type: "make-sandbox" | "run-container" | "start-container" | "signal" | "remove" }
>;

/** A sandbox does not fail by the pod's fault: it is tried again soon. */
const SANDBOX_BACKOFF = { initialMs: 500, maxMs: 60_000 };

/** The bus may take so long for a dead container's last lines before it is removed. */
const LAST_LINES_MS = 1_000;

/** Carries out what a plan wants of the engine. Throws only for what a later try can mend. */
export interface PodActions {
  run(action: EngineAction, pod: PodJson | undefined, memory: PodMemory, signal: AbortSignal): Promise<void>;
}

export const podActions = (options: PodActionsOptions): PodActions => {
  const { containers, logger, clock } = options;

  const runContainer = async (
    action: Extract<PodAction, { type: "run-container" }>,
    pod: PodJson,
    memory: PodMemory,
    signal: AbortSignal,
  ): Promise<void> => {
    const container = pod.spec?.containers?.find(({ name }) => name === action.container);
    if (container === undefined) return;
    const failed = (reason: string, cause: unknown) => {
      const count = (memory.failures.get(action.container)?.count ?? 0) + 1;
      const failedAtMs = clock.now();
      const { message } = asSlipwayError(cause);
      memory.failures.set(action.container, {
        reason,
        message,
        failedAtMs,
        retryAtMs: failedAtMs + remakeDelayMs(count),
        count,
      });
      logger.warn(
        { uid: memory.record.uid, container: action.container, error: cause },
        "a container could not be made",
      );
    };
    let id: string;
    try {
      const home = {
        identity: options.identity,
        facts: { pod, node: options.identity.node, podIP: action.podIP, hostIP: options.hostIP },
        paths: podPaths(options.stateDir, memory.record.uid),
        services: options.servicesOf(memory.record.project),
        memory: options.memory,
      };
      ({ id } = await containers.create(containerSpec(home, { ...action, container }), signal));
    } catch (error) {
      if (isSlipwayError(error, "Invalid")) return failed("CreateContainerConfigError", error);
      // The name is taken: it was made before. The image went away meanwhile: it is pulled again.
      if (isSlipwayError(error, "EngineConflict") || isSlipwayError(error, "ImageNotFound")) return;
      if (isSlipwayError(error, "EngineUnavailable") || signal.aborted) throw error;
      return failed("CreateContainerError", error);
    }
    memory.failures.delete(action.container);
    await start(id, signal);
  };

  const makeSandbox = async (pod: PodJson, count: number, memory: PodMemory, signal: AbortSignal): Promise<void> => {
    try {
      await options.sandboxes.acquire(pod, count, signal);
      delete memory.sandboxFailure;
    } catch (error) {
      if (isSlipwayError(error, "EngineUnavailable") || signal.aborted) throw error;
      const failures = (memory.sandboxFailure?.count ?? 0) + 1;
      const failedAtMs = clock.now();
      const message = `The pod's sandbox could not be started: ${asSlipwayError(error).message}`;
      const retryAtMs = failedAtMs + backoffDelayMs(SANDBOX_BACKOFF, failures);
      memory.sandboxFailure = { reason: "CreateContainerError", message, failedAtMs, retryAtMs, count: failures };
      logger.warn({ uid: memory.record.uid, error }, "a sandbox could not be started");
    }
  };

  const start = async (id: string, signal: AbortSignal): Promise<void> => {
    try {
      await containers.start(id, signal);
    } catch (error) {
      if (!isSlipwayError(error, "ContainerStartFailed")) throw error;
      // The engine keeps the reason with the container, where the next look finds it; without its sandbox it is no
      // fault of the container.
      if (error.fields.reason === "SandboxNotRunning") await containers.remove(id, { force: true });
      else logger.info({ id, error }, "a container cannot run");
    }
  };

  const signalContainer = async (id: string, name: string): Promise<void> => {
    try {
      await containers.kill(id, name);
    } catch (error) {
      // It ended by itself meanwhile.
      if (!isSlipwayError(error, "EngineConflict") && !isSlipwayError(error, "ContainerNotFound")) throw error;
    }
  };

  return {
    run: async (action, pod, memory, signal) => {
      switch (action.type) {
        case "make-sandbox":
          if (pod !== undefined) await makeSandbox(pod, action.count, memory, signal);
          return;
        case "run-container":
          if (pod === undefined) return;
          await runContainer(action, pod, memory, signal);
          return;
        case "start-container":
          await start(action.id, signal);
          return;
        case "signal":
          await signalContainer(action.id, action.signal);
          return;
        case "remove":
          await options.logs.finished(action.id, LAST_LINES_MS);
          await containers.remove(action.id, { force: true, volumes: true });
          return;
        default:
          action satisfies never;
      }
    },
  };
};
