import type { Change, ClusterState } from "@slipway/cluster";
import {
  buildConfigDecider,
  buildDecider,
  imageStreamDecider,
  podDecider,
  projectDecider,
  replicationControllerDecider,
  routeDecider,
  serviceAddressDecider,
  serviceDecider,
} from "@slipway/domain";
import type { StreamAppend } from "@slipway/eventlog";
import { appendTo, type LoopContext, store } from "./store.ts";

/** Objects removed by one append; the rest follows with the next look. */
const AT_ONCE = 500;

/**
 * Removes what has lost its reason to be. Keys: `pod/<project>/<name>` (finish a deletion, or begin one when the owner is
 * gone), `build/<project>/<name>` (its config is gone), `address/<ip>` (its service is gone), `project/<name>` (empty a
 * terminating project, then end it).
 */
export class GarbageLoop {
  readonly #context: LoopContext;

  constructor(context: LoopContext) {
    this.#context = context;
  }

  keys(): string[] {
    const { state } = this.#context.follower;
    return [
      ...[...state.pods.list()].map(({ project, name }) => `pod/${project}/${name}`),
      ...[...state.builds.list()].map(({ project, name }) => `build/${project}/${name}`),
      ...[...state.serviceAddresses.list()].map(({ name }) => `address/${name}`),
      ...[...state.projects.list()].map(({ name }) => `project/${name}`),
    ];
  }

  async reconcile(key: string, signal: AbortSignal): Promise<void> {
    const batch = this.#plan(key);
    if (batch.length === 0) return;
    const stored = await store(this.#context, batch, signal);
    this.#context.logger.info({ key, streams: batch.length, stored }, "removed what lost its reason to be");
  }

  #plan(key: string): StreamAppend[] {
    const [what, first = "", second = ""] = key.split("/");
    switch (what) {
      case "pod":
        return this.#pod(first, second);
      case "build":
        return this.#build(first, second);
      case "address":
        return this.#address(first);
      case "project":
        return this.#project(first);
      default:
        return [];
    }
  }

  #pod(project: string, name: string): StreamAppend[] {
    const { state } = this.#context.follower;
    const entry = state.pods.get(project, name);
    if (entry === undefined) return [];
    const { pod, deletion, node } = entry.state;
    const uid = pod.metadata?.uid ?? "";
    if (deletion !== undefined) {
      const status = state.podStatuses.get(project, name)?.state;
      const stopped = status?.uid === uid && status.stopped === true;
      // A node that was deleted will never report; the operator said that it is gone.
      const nodeGone = node === undefined || state.nodes.get("", node) === undefined;
      if (!stopped && !nodeGone) return [];
      return appendTo(
        entry,
        podDecider.decide({ type: "FinishPodDeletion", uid, reason: deletion.reason }, entry.state),
      );
    }
    const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
    if (owner === undefined || state.replicationControllers.byUid(owner.uid ?? "") !== undefined) return [];
    return appendTo(
      entry,
      podDecider.decide({ type: "RequestPodDeletion", uid, at: this.#now(), reason: "OwnerDeleted" }, entry.state),
    );
  }

  #build(project: string, name: string): StreamAppend[] {
    const { state } = this.#context.follower;
    const entry = state.builds.get(project, name);
    const owner = entry?.state.object.metadata?.ownerReferences?.find(({ controller }) => controller === true);
    if (entry === undefined || owner === undefined || state.buildConfigs.byUid(owner.uid ?? "") !== undefined)
      return [];
    const uid = entry.state.object.metadata?.uid ?? "";
    return appendTo(entry, buildDecider.decide({ type: "DeleteBuild", uid }, entry.state));
  }

  #address(ip: string): StreamAppend[] {
    const { state } = this.#context.follower;
    const entry = state.serviceAddresses.get("", ip);
    if (entry === undefined) return [];
    const { holder } = entry.state;
    const [, project = "", name = ""] = holder.split("/");
    if (state.services.get(project, name)?.state.object.spec?.clusterIP === ip) return [];
    return appendTo(entry, serviceAddressDecider.decide({ type: "ReleaseServiceAddress", holder }, entry.state));
  }

  #project(name: string): StreamAppend[] {
    const { state } = this.#context.follower;
    const entry = state.projects.get("", name);
    if (entry?.state.terminating === undefined) return [];
    const batch = [...this.#contents(name)].slice(0, AT_ONCE);
    if (batch.length > 0 || state.pods.count(name) > 0) return batch;
    return appendTo(entry, projectDecider.decide({ type: "FinishProjectDeletion" }, entry.state));
  }

  *#contents(project: string): Iterable<StreamAppend> {
    const { state } = this.#context.follower;
    // Routes first and controllers before their pods: nothing leads to, or makes, what is about to go.
    for (const e of state.routes.list(project))
      yield* appendTo(e, routeDecider.decide({ type: "DeleteRoute" }, e.state));
    for (const e of state.replicationControllers.list(project)) {
      yield* appendTo(e, replicationControllerDecider.decide({ type: "DeleteReplicationController" }, e.state));
    }
    for (const e of state.services.list(project))
      yield* appendTo(e, serviceDecider.decide({ type: "DeleteService" }, e.state));
    for (const e of state.buildConfigs.list(project)) {
      yield* appendTo(e, buildConfigDecider.decide({ type: "DeleteBuildConfig" }, e.state));
    }
    for (const e of state.builds.list(project))
      yield* appendTo(e, buildDecider.decide({ type: "DeleteBuild" }, e.state));
    for (const e of state.imageStreams.list(project)) {
      yield* appendTo(e, imageStreamDecider.decide({ type: "DeleteImageStream" }, e.state));
    }
    for (const e of state.pods.list(project)) {
      if (e.state.deletion !== undefined) continue;
      yield* appendTo(
        e,
        podDecider.decide({ type: "RequestPodDeletion", at: this.#now(), reason: "ProjectDeleted" }, e.state),
      );
    }
  }

  #now(): string {
    return new Date(this.#context.clock.now()).toISOString();
  }
}

/** The keys of this loop that a batch of events may concern. */
export const touchedGarbage = (state: ClusterState, changes: readonly Change[]): string[] => {
  const keys = new Set<string>();
  for (const { kind, project, name, type } of changes) {
    if (kind === "pod" || kind === "pod-status") keys.add(`pod/${project}/${name}`);
    if (kind === "build") keys.add(`build/${project}/${name}`);
    if (kind === "project") keys.add(`project/${name}`);
    else if (project !== "" && state.projects.get("", project)?.state.terminating !== undefined)
      keys.add(`project/${project}`);
    if (type === "ReplicationControllerDeleted")
      for (const e of state.pods.list(project)) keys.add(`pod/${project}/${e.name}`);
    if (type === "BuildConfigDeleted")
      for (const e of state.builds.list(project)) keys.add(`build/${project}/${e.name}`);
    if (type === "ServiceDeleted" || type === "ServiceChanged") {
      for (const e of state.serviceAddresses.list())
        if (e.state.holder === `service/${project}/${name}`) keys.add(`address/${e.name}`);
    }
    if (type === "NodeDeleted") for (const e of state.podsOnNode(name)) keys.add(`pod/${e.project}/${e.name}`);
  }
  return [...keys];
};
