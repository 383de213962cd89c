import { backoffDelayMs } from "@slipway/kernel";
import type { ImageState } from "../../image/plan/image-state.ts";
import type { ContainerPlace } from "./plan-container.ts";
import type { PodDraft } from "./pod-draft.ts";
import type { PodInput } from "./pod-input.ts";
import { RESTART_BACKOFF } from "./restart.ts";

/** A container whose turn it is: once its sandbox runs and its image is here, it is made and started. */
export const planStart = (
  draft: PodDraft,
  input: PodInput,
  place: ContainerPlace,
  attempt: { readonly restartCount: number; readonly backoffStep: number },
): void => {
  const name = place.container.name ?? "";
  const failure = input.failures.get(name);
  if (failure !== undefined) {
    draft.waiting(name, failure.reason, failure.message, String(failure.failedAtMs));
    if (failure.retryAtMs > draft.nowMs) {
      draft.wakeAt(failure.retryAtMs);
      return;
    }
  }
  const image = input.images.get(name) ?? { status: "absent" };
  switch (image.status) {
    case "absent":
      // Pulled while the sandbox is made.
      draft.actions.push({ type: "pull", container: name });
      draft.waiting(
        name,
        "ContainerCreating",
        `Pulling image "${place.container.image ?? ""}"`,
        String(attempt.restartCount),
      );
      return;
    case "pulling":
      return;
    case "failed":
      reportImageFailure(draft, place, image);
      if (image.retryAtMs <= draft.nowMs) draft.actions.push({ type: "pull", container: name });
      else if (Number.isFinite(image.retryAtMs)) draft.wakeAt(image.retryAtMs);
      return;
    case "present":
      if (place.sandbox === undefined) return;
      draft.actions.push({
        type: "run-container",
        container: name,
        ...attempt,
        sandboxId: place.sandbox.id,
        podIP: place.sandbox.ip,
        imageId: image.id,
        stopSignal: image.stopSignal,
      });
      return;
    default:
      image satisfies never;
  }
};

/** A failed pull is told as itself first and as the wait for the next one then; each once. */
const reportImageFailure = (
  draft: PodDraft,
  { container }: ContainerPlace,
  image: Extract<ImageState, { status: "failed" }>,
): void => {
  const name = container.name ?? "";
  const occasion = String(image.failedAtMs);
  const backingOff = image.reason === "ErrImagePull" && image.retryAtMs > draft.nowMs;
  if (draft.reportedOf(name).waiting === `ImagePullBackOff/${occasion}`) return;
  draft.waiting(name, image.reason, image.message, occasion);
  if (!backingOff) return;
  const message = `Back-off pulling image "${container.image ?? ""}": ${image.message}`;
  draft.waiting(name, "ImagePullBackOff", message, occasion);
};

/** When a container that could not be made is tried again: `failures` counts them from 1. */
export const remakeDelayMs = (failures: number): number => backoffDelayMs(RESTART_BACKOFF, failures);
