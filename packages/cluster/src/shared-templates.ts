import { type PodLive, same } from "@slipway/domain";
import type { PodJson } from "@slipway/proto";

/**
 * Pods of one controller are made from one template, but each event brings a copy of it. Here a pod's spec, labels and
 * annotations that equal those of the controller's pod before it become the same objects: most of what many pods weigh.
 */
export class SharedTemplates {
  /** Controller uid -> the pod that the next one is compared to. */
  readonly #last = new Map<string, PodJson>();

  share(state: PodLive, controllerUid: string | undefined): PodLive {
    if (controllerUid === undefined) return state;
    const last = this.#last.get(controllerUid);
    const pod = last === undefined ? state.pod : shared(state.pod, last);
    this.#last.set(controllerUid, pod);
    return pod === state.pod ? state : { ...state, pod };
  }

  /** The controller has no pods left. */
  forget(controllerUid: string): void {
    this.#last.delete(controllerUid);
  }
}

const shared = (pod: PodJson, last: PodJson): PodJson => ({
  ...pod,
  ...(pod.metadata === undefined ? {} : { metadata: sharedParts(pod.metadata, last.metadata, METADATA_PARTS) }),
  ...(pod.spec === undefined ? {} : { spec: same(pod.spec, last.spec) && last.spec ? last.spec : pod.spec }),
});

const METADATA_PARTS = ["labels", "annotations", "ownerReferences"] as const;

const sharedParts = <T extends object, K extends keyof T>(value: T, last: T | undefined, keys: readonly K[]): T => {
  const copy = { ...value };
  for (const key of keys) {
    const known = last?.[key];
    if (known !== undefined && same(copy[key], known)) copy[key] = known;
  }
  return copy;
};
