import type { ContainerInfo, Containers } from "@slipway/containers";
import { type Clock, SlipwayError } from "@slipway/kernel";
import type { PodJson } from "@slipway/proto";
import type { ReconcileResult } from "@slipway/reconcile";
import type { Logger } from "@slipway/runtime";
import { specHash } from "../container/plan/container-spec.ts";
import { type AgentIdentity, LABEL } from "../container/plan/labels.ts";
import type { ImagePuller } from "../image/image-puller.ts";
import type { ImageState } from "../image/plan/image-state.ts";
import type { LogShipper } from "../log/log-shipper.ts";
import type { Prober } from "../probe/prober.ts";
import type { Outbox } from "../report/outbox.ts";
import type { PodFiles } from "../sandbox/pod-files.ts";
import type { Traffic } from "../traffic/traffic.ts";
import type { DesiredPods } from "./desired-pods.ts";
import { readPod } from "./observe-pod.ts";
import type { ObservedPod } from "./plan/observed-pod.ts";
import { type PodPlan, planPod } from "./plan/plan-pod.ts";
import type { PodWish } from "./plan/pod-input.ts";
import { NOTHING_REPORTED } from "./plan/pod-record.ts";
import type { PodActions } from "./pod-actions.ts";
import type { PodBook, PodMemory } from "./pod-book.ts";
import type { PodRecords } from "./pod-records.ts";

export interface PodReconcilerOptions {
  readonly desired: DesiredPods;
  readonly book: PodBook;
  readonly records: PodRecords;
  readonly containers: Containers;
  readonly actions: PodActions;
  readonly images: ImagePuller;
  readonly prober: Prober;
  readonly logs: LogShipper;
  readonly files: PodFiles;
  readonly outbox: Outbox;
  readonly traffic: Pick<Traffic, "drain" | "forget">;
  readonly identity: AgentIdentity;
  readonly hostIP: string;
  /** Something happened in the background: look at the pod again. */
  readonly nudge: (uid: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** No node takes longer than this to hear that a pod gets no traffic any more; a pod does not wait longer for it. */
const DRAIN_MS = 1_000;

/** Brings one pod a step further: looks, plans, tells, does. */
export const podReconciler = (options: PodReconcilerOptions) => {
  const { desired, book, records, containers, clock } = options;

  return async (uid: string, signal: AbortSignal): Promise<ReconcileResult | undefined> => {
    const wish = desired.wish(uid);
    if (wish === undefined) return undefined;
    const { observed, infos } = await readPod(containers, options.identity, uid, book.get(uid), signal);
    const memory = openMemory(wish, uid, infos);
    if (memory === undefined) return undefined;
    const anew = memory.tellAgain;
    if (anew) forgetWhatWasTold(memory);
    if (wish.value === undefined && memory.reported.stopped) {
      book.forget(uid);
      return undefined;
    }
    watchContainers(memory, wish.value?.pod, observed);

    const plan = planPod({
      wish,
      record: currentRecord(memory, wish, anew),
      reported: memory.reported,
      observed,
      images: wish.type === "run" ? await imageStates(wish.value.pod, memory, observed) : new Map(),
      failures: memory.failures,
      ...(memory.sandboxFailure !== undefined && { sandboxFailure: memory.sandboxFailure }),
      probes: options.prober.verdicts(uid),
      specHashes: new Map((wish.value?.pod.spec?.containers ?? []).map((each) => [each.name ?? "", specHash(each)])),
      drained: memory.drain === "done",
      node: options.identity.node,
      hostIP: options.hostIP,
      nowMs: clock.now(),
    });
    await save(memory, plan);
    tell(wish, memory, plan.events);
    memory.reported = plan.reported;
    await carryOut(plan, wish, memory, signal);
    return conclude(plan, wish, memory);
  };

  /** Nothing for a pod that is neither wanted nor here. */
  function openMemory(wish: PodWish, uid: string, infos: readonly ContainerInfo[]): PodMemory | undefined {
    const metadata = wish.value?.pod.metadata;
    if (metadata !== undefined) return book.open(uid, metadata.namespace ?? "", metadata.name ?? "");
    const known = book.get(uid);
    const [first] = infos;
    if (known !== undefined || first === undefined) return known;
    return book.open(uid, first.labels[LABEL.project] ?? "", first.labels[LABEL.podName] ?? "");
  }

  function forgetWhatWasTold(memory: PodMemory): void {
    memory.tellAgain = false;
    memory.reported = NOTHING_REPORTED;
    memory.takenExits.clear();
  }

  function currentRecord(memory: PodMemory, wish: PodWish, anew: boolean): PodMemory["record"] {
    const record = anew ? { ...memory.record, toldExits: [] } : memory.record;
    const { takenExits } = memory;
    const assignment = wish.value === undefined || wish.value === record.assignment ? {} : { assignment: wish.value };
    const toldExits = takenExits.size === 0 ? {} : { toldExits: [...new Set([...record.toldExits, ...takenExits])] };
    return Object.keys({ ...assignment, ...toldExits }).length === 0
      ? record
      : { ...record, ...assignment, ...toldExits };
  }

  async function imageStates(pod: PodJson, memory: PodMemory, observed: ObservedPod): Promise<Map<string, ImageState>> {
    const running = new Set(observed.containers.filter(({ state }) => state === "running").map(({ name }) => name));
    const idle = (pod.spec?.containers ?? []).filter(({ name = "" }) => !running.has(name));
    const states = idle.map(async (container) => {
      const name = container.name ?? "";
      return [name, await options.images.state(container, attemptOf(memory, name))] as const;
    });
    return new Map(await Promise.all(states));
  }

  function watchContainers(memory: PodMemory, pod: PodJson | undefined, observed: ObservedPod): void {
    const { uid, project, name } = memory.record;
    const sandbox = observed.sandboxes.find(({ running }) => running);
    const byName = new Map((pod?.spec?.containers ?? []).map((container) => [container.name ?? "", container]));
    options.prober.sync(
      uid,
      observed.containers.flatMap((each) => {
        const container = byName.get(each.name);
        const probed = container !== undefined && each.state === "running" && sandbox !== undefined;
        if (!probed || memory.record.stopping[each.id] !== undefined) return [];
        return [{ containerId: each.id, container, podIP: sandbox.ip, startedAtMs: Date.parse(each.startedAt) }];
      }),
    );
    options.logs.sync(
      uid,
      observed.containers
        .filter(({ state, cannotRun }) => state !== "made" && !cannotRun)
        .map(({ id, name: container, restartCount }) => ({
          containerId: id,
          uid,
          key: { project, kind: "pod", name, container, run: `${uid.slice(0, 8)}-${restartCount}` },
        })),
    );
  }

  async function save(memory: PodMemory, plan: PodPlan): Promise<void> {
    if (plan.record === memory.record) return;
    memory.record = plan.record;
    memory.takenExits.clear();
    if (plan.next.type !== "dead") await records.save(plan.record);
  }

  /** Nobody waits for word of a pod that the control plane has forgotten. */
  function tell(wish: PodWish, memory: PodMemory, events: PodPlan["events"]): void {
    if (wish.value !== undefined) options.outbox.add(memory.record, events);
  }

  async function carryOut(plan: PodPlan, wish: PodWish, memory: PodMemory, signal: AbortSignal): Promise<void> {
    const pod = wish.value?.pod;
    const { uid } = memory.record;
    const fresh = plan.actions.find((action) => action.type === "run-container");
    if (fresh !== undefined && pod !== undefined) await options.files.prepare(pod, fresh.podIP);

    const outcomes = await Promise.allSettled(
      plan.actions.map(async (action) => {
        switch (action.type) {
          case "clean":
            await options.logs.forget(uid);
            await options.files.remove(uid);
            return;
          case "pull": {
            const container = pod?.spec?.containers?.find(({ name }) => name === action.container);
            if (container === undefined) return;
            options.images.pull(container, attemptOf(memory, action.container), () => options.nudge(uid));
            return;
          }
          case "drain":
            if (memory.drain === "no") void drain(memory);
            return;
          default:
            await options.actions.run(action, pod, memory, signal);
        }
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async function drain(memory: PodMemory): Promise<void> {
    memory.drain = "under way";
    await options.traffic.drain(memory.record.uid, DRAIN_MS);
    memory.drain = "done";
    options.nudge(memory.record.uid);
  }

  function conclude(plan: PodPlan, wish: PodWish, memory: PodMemory): ReconcileResult | undefined {
    switch (plan.next.type) {
      case "done":
        return undefined;
      case "again":
        return { requeueAfterMs: 0 };
      case "retryAt":
        return { requeueAfterMs: Math.max(0, plan.next.atMs - clock.now()) };
      case "dead":
        tell(wish, memory, plan.lastEvents);
        memory.reported = { ...memory.reported, stopped: true };
        options.traffic.forget(memory.record.uid);
        options.logger.info({ uid: memory.record.uid, pod: memory.record.name }, "a pod has ended");
        if (wish.value === undefined) book.forget(memory.record.uid);
        return undefined;
      default:
        throw new SlipwayError("Internal", `Unknown next step ${JSON.stringify(plan.next satisfies never)}.`);
    }
  }
};

/** Names one run of a container, for pulls that every run asks for anew. */
const attemptOf = (memory: PodMemory, container: string): string =>
  `${memory.record.uid}/${container}/${memory.record.containers[container]?.runs ?? 0}`;
