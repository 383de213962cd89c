import type { Change, ClusterState, Entry } from "@slipway/cluster";
import { podDecider, type ReplicationControllerLive } from "@slipway/domain";
import type { StreamAppend } from "@slipway/eventlog";
import { deterministicUuid } from "@slipway/kernel";
import type { OwnerReferenceJson, PodJson } from "@slipway/proto";
import { ownedPodOf } from "./owned-pod-of.ts";
import type { OwnedPod } from "./plan/owned-pod.ts";
import { planReplicas } from "./plan/replicas.ts";
import { podName } from "./pod-name.ts";
import { appendTo, type LoopContext, store } from "./store.ts";

/** Pods made by one append; more are made by the next. */
const CREATE_AT_ONCE = 500;

/** Keeps every replication controller at the number of pods it wants. Keys are `<project>/<name>`. */
export class ControllerLoop {
  readonly #context: LoopContext;
  /** Controller uid -> the first ordinal that may still be free: a hint, so that names are not tried from 0 each time. */
  readonly #nextOrdinal = new Map<string, number>();

  constructor(context: LoopContext) {
    this.#context = context;
  }

  keys(): string[] {
    return [...this.#context.follower.state.replicationControllers.list()].map(
      ({ project, name }) => `${project}/${name}`,
    );
  }

  async reconcile(key: string, signal: AbortSignal): Promise<void> {
    const slash = key.indexOf("/");
    const { state } = this.#context.follower;
    const entry = state.replicationControllers.get(key.slice(0, slash), key.slice(slash + 1));
    if (entry === undefined || isTerminating(state, entry.project)) return;
    const controller = entry.state.object;
    const uid = controller.metadata?.uid ?? "";
    const now = this.#context.clock.now();
    const plan = planReplicas(uid, controller.spec?.replicas ?? 1, candidates(state, entry), now);

    const batch: StreamAppend[] = [
      ...plan.adopt.flatMap((pod) =>
        this.#onPod(entry, pod, { type: "AdoptPod", uid: pod.uid, owner: ownerOf(entry) }),
      ),
      ...plan.release.flatMap((pod) =>
        this.#onPod(entry, pod, { type: "ReleasePod", uid: pod.uid, ownerUid: uid, reason: "LabelsChanged" }),
      ),
      ...plan.remove.flatMap((pod) =>
        this.#onPod(entry, pod, {
          type: "RequestPodDeletion",
          uid: pod.uid,
          at: new Date(now).toISOString(),
          reason: "ScaledDown",
        }),
      ),
      ...this.#creations(entry, Math.min(plan.create, CREATE_AT_ONCE), now),
    ];
    const stored = await store(this.#context, batch, signal);
    if (batch.length > 0) {
      this.#context.logger.info(
        {
          controller: key,
          created: plan.create,
          removed: plan.remove.length,
          adopted: plan.adopt.length,
          released: plan.release.length,
          stored,
        },
        "controller reconciled",
      );
    }
  }

  #onPod(
    entry: Entry<ReplicationControllerLive>,
    pod: OwnedPod,
    command: Parameters<typeof podDecider.decide>[0],
  ): StreamAppend[] {
    const target = this.#context.follower.state.pods.get(entry.project, pod.name);
    return target === undefined ? [] : appendTo(target, podDecider.decide(command, target.state));
  }

  #creations(entry: Entry<ReplicationControllerLive>, count: number, now: number): StreamAppend[] {
    const uid = entry.state.object.metadata?.uid ?? "";
    const { pods } = this.#context.follower.state;
    const batch: StreamAppend[] = [];
    const taken = new Set<string>();
    let ordinal = this.#nextOrdinal.get(uid) ?? 0;
    while (batch.length < count) {
      const name = podName(entry.name, uid, ordinal++);
      // A name that was ever used is not used again: its stream would tell two pods' stories.
      if (taken.has(name) || pods.version(entry.project, name) > 0) continue;
      taken.add(name);
      const pod = podFromTemplate(entry, name, now);
      batch.push(
        ...appendTo(
          { stream: `pod/${entry.project}/${name}`, version: 0 },
          podDecider.decide({ type: "CreatePod", pod }, podDecider.initial),
        ),
      );
    }
    let free = this.#nextOrdinal.get(uid) ?? 0;
    while (pods.version(entry.project, podName(entry.name, uid, free)) > 0) free++;
    this.#nextOrdinal.set(uid, free);
    return batch;
  }
}

/** The pods that a controller owns, and the orphans that it might adopt. */
const candidates = (state: ClusterState, entry: Entry<ReplicationControllerLive>): OwnedPod[] => {
  const selector = entry.state.object.spec?.selector ?? {};
  const uid = entry.state.object.metadata?.uid ?? "";
  const owned = [...state.podsOwnedBy(uid)].map((pod) => ownedPodOf(state, pod, selector));
  const orphans = [...state.orphanPods(entry.project)].map((pod) => ownedPodOf(state, pod, selector));
  return [...owned, ...orphans.filter((pod) => pod.matches)];
};

const isTerminating = (state: ClusterState, project: string): boolean =>
  state.projects.get("", project)?.state.terminating !== undefined;

const ownerOf = (entry: Entry<ReplicationControllerLive>): OwnerReferenceJson => ({
  apiVersion: "v1",
  kind: "ReplicationController",
  name: entry.name,
  uid: entry.state.object.metadata?.uid ?? "",
  controller: true,
  blockOwnerDeletion: true,
});

const podFromTemplate = (entry: Entry<ReplicationControllerLive>, name: string, now: number): PodJson => {
  const template = entry.state.object.spec?.template ?? {};
  const owner = ownerOf(entry);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: entry.project,
      generateName: `${entry.name}-`,
      ...(template.metadata?.labels ? { labels: template.metadata.labels } : {}),
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      uid: deterministicUuid(`pod|${owner.uid}|${name}`),
      creationTimestamp: new Date(now).toISOString(),
      ownerReferences: [owner],
    },
    spec: template.spec ?? {},
  };
};

/** The controllers that a batch of events may concern: changed ones, owners of changed pods, those that could adopt one. */
export const touchedControllers = (state: ClusterState, changes: readonly Change[]): string[] => {
  const keys = new Set<string>();
  for (const { kind, project, name } of changes) {
    if (kind === "replicationcontroller") keys.add(`${project}/${name}`);
    if (kind !== "pod" && kind !== "pod-status") continue;
    const owner = state.pods
      .get(project, name)
      ?.state.pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
    const controller = owner && state.replicationControllers.byUid(owner.uid ?? "");
    if (controller !== undefined) keys.add(`${controller.project}/${controller.name}`);
    // A pod that is gone, or was let go, no longer names its owner; the project's few controllers are asked.
    else if (owner === undefined)
      for (const entry of state.replicationControllers.list(project)) keys.add(`${entry.project}/${entry.name}`);
  }
  return [...keys];
};
