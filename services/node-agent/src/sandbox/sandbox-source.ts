import type { Containers } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import type { PodJson } from "@slipway/proto";
import type { AgentIdentity } from "../container/plan/labels.ts";
import { sandboxSpec } from "./plan/sandbox-spec.ts";

/** Where sandboxes come from: made when a pod needs one, or ahead of that. */
export interface SandboxSource {
  /** A running sandbox with the pod's labels and hostname; asked twice for the same `count`, there is one. */
  acquire(pod: PodJson, count: number, signal: AbortSignal): Promise<void>;
}

/** Makes each sandbox when it is asked for. */
export const coldSandboxes = (options: {
  readonly containers: Pick<Containers, "create" | "start" | "remove">;
  readonly identity: AgentIdentity;
  readonly image: string;
  readonly network: string;
  readonly minOomScoreAdj: number;
  /** Called once a sandbox runs: its place on the network is there. */
  readonly onStarted: () => Promise<void>;
}): SandboxSource => ({
  acquire: async (pod, count, signal) => {
    const { containers, identity } = options;
    const spec = sandboxSpec(identity, pod, { ...options, count });
    let id = spec.name ?? "";
    try {
      ({ id } = await containers.create(spec, signal));
    } catch (error) {
      // Made by a run that did not come to its end.
      if (!isSlipwayError(error, "EngineConflict")) throw error;
    }
    try {
      await containers.start(id, signal);
      await options.onStarted();
    } catch (error) {
      await containers.remove(id, { force: true });
      throw error;
    }
  },
});
