import type { ContainerSpec } from "@slipway/containers";
import type { EndpointsValue } from "@slipway/domain";
import { deterministicUuid } from "@slipway/kernel";
import type { ContainerJson, PodSpecJson } from "@slipway/proto";
import { containerEnv } from "./env.ts";
import { expand } from "./expand.ts";
import type { PodFacts } from "./field-ref.ts";
import type { PodPaths } from "./host-paths.ts";
import { type AgentIdentity, containerName, LABEL, podLabels } from "./labels.ts";
import { containerBinds } from "./mounts.ts";
import { containerResources, type NodeMemory, oomScoreAdj } from "./resources.ts";

/** One run of a container, as the plan wants it. */
export interface ContainerRun {
  readonly container: ContainerJson;
  readonly restartCount: number;
  readonly backoffStep: number;
  readonly sandboxId: string;
  /** By id, so that a tag that moves between pull and start changes nothing. */
  readonly imageId: string;
  readonly stopSignal: string;
}

/** Where a container is made. */
export interface ContainerHome {
  readonly identity: AgentIdentity;
  readonly facts: PodFacts;
  readonly paths: PodPaths;
  readonly services: readonly EndpointsValue[];
  readonly memory: NodeMemory;
}

/** Of a container's log the engine keeps so much, in so many files. */
const LOG_OPTIONS = { "max-size": "10m", "max-file": "3" };

/** A container's wish, by the fields that may change while the pod lives. */
export const specHash = (container: ContainerJson): string => deterministicUuid(container.image ?? "").slice(0, 8);

/** What the engine is asked to make. `Invalid` when the wish cannot be met whatever the engine says. */
export const containerSpec = (home: ContainerHome, run: ContainerRun): ContainerSpec => {
  const { identity, facts, paths } = home;
  const { container, sandboxId } = run;
  const spec = facts.pod.spec ?? {};
  const env = containerEnv(container, facts, home.services);
  const expandAll = (texts: readonly string[]) => texts.map((text) => expand(text, (name) => env[name]));
  return {
    name: containerName(identity.instance, facts.pod.metadata?.uid ?? "", container.name ?? "", run.restartCount),
    image: run.imageId,
    ...(notEmpty(container.command) && { command: expandAll(container.command) }),
    ...(notEmpty(container.args) && { args: expandAll(container.args) }),
    env,
    labels: {
      ...podLabels(identity, facts.pod),
      [LABEL.role]: "app",
      [LABEL.container]: container.name ?? "",
      [LABEL.restartCount]: String(run.restartCount),
      [LABEL.backoffStep]: String(run.backoffStep),
      [LABEL.specHash]: specHash(container),
      [LABEL.image]: container.image ?? "",
      [LABEL.sandbox]: sandboxId,
      [LABEL.stopSignal]: run.stopSignal,
    },
    network: { type: "container", id: sandboxId },
    ipcMode: `container:${sandboxId}`,
    binds: containerBinds(spec, container, paths),
    resources: containerResources(container),
    oomScoreAdj: oomScoreAdj(spec, container, home.memory),
    log: { driver: "json-file", options: LOG_OPTIONS },
    ...(container.workingDir && { workingDir: container.workingDir }),
    ...(container.tty === true && { tty: true }),
    ...(container.stdin === true && { stdin: true }),
    ...security(spec, container),
  };
};

const notEmpty = (texts: readonly string[] | undefined): texts is readonly string[] =>
  texts !== undefined && texts.length > 0;

const security = (spec: PodSpecJson, { securityContext }: ContainerJson): Partial<ContainerSpec> => {
  const user = securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
  const group = securityContext?.runAsGroup ?? spec.securityContext?.runAsGroup;
  const who = [user ?? (group === undefined ? undefined : 0), group].filter((id) => id !== undefined).join(":");
  const { add, drop } = securityContext?.capabilities ?? {};
  return {
    ...(who !== "" && { user: who }),
    ...(securityContext?.privileged === true && { privileged: true }),
    ...(securityContext?.readOnlyRootFilesystem === true && { readOnlyRootfs: true }),
    ...(add !== undefined && { capAdd: add }),
    ...(drop !== undefined && { capDrop: drop }),
  };
};
