import type { Images, RegistryAuth } from "@slipway/containers";
import { asSlipwayError, backoffDelayMs, type Clock, isSlipwayError } from "@slipway/kernel";
import type { ContainerJson } from "@slipway/proto";
import type { Logger } from "@slipway/runtime";
import type { ImageState } from "./plan/image-state.ts";
import { pullPolicy, registryOf } from "./plan/pull-policy.ts";

/** Gets images onto the node, one pull of an image at a time, with a back-off of each image's own. */
export interface ImagePuller {
  /**
   * Where a container's image stands; `attempt` names this run of the container. With IfNotPresent an image that is
   * here never touches the network; with Always each run asks the registry once.
   */
  state(container: ContainerJson, attempt: string): Promise<ImageState>;
  /** Begins a pull in the background unless one runs or backs off; `onDone` is called at its end, however it ends. */
  pull(container: ContainerJson, attempt: string, onDone: () => void): void;
}

interface Attempt {
  running?: Promise<void>;
  failures: number;
  failed?: Extract<ImageState, { status: "failed" }>;
  /** Runs that wait for the pull under way. */
  readonly waiting: Set<string>;
  /** Runs of containers with the policy Always that have been served, the latest ones. */
  readonly served: Set<string>;
}

const BACKOFF = { initialMs: 10_000, maxMs: 300_000 };
/** With the image here, an Always pull does not hold the container up for longer than this. */
const REFRESH_TIMEOUT_MS = 15_000;

export const imagePuller = (options: {
  readonly images: Pick<Images, "inspect" | "pull">;
  /** The platform's own registry; all others are asked without a name. */
  readonly registry?: { readonly host: string; readonly auth: RegistryAuth };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): ImagePuller => {
  const { images, clock, logger, registry } = options;
  const attempts = new Map<string, Attempt>();

  const attemptFor = (ref: string): Attempt => {
    const attempt = attempts.get(ref) ?? { failures: 0, waiting: new Set<string>(), served: new Set<string>() };
    attempts.set(ref, attempt);
    return attempt;
  };

  const inspect = async (ref: string): Promise<ImageState> => {
    try {
      const { id, stopSignal } = await images.inspect(ref, options.signal);
      return { status: "present", id, stopSignal };
    } catch (error) {
      if (isSlipwayError(error, "ImageNotFound")) return { status: "absent" };
      throw error;
    }
  };

  const pullOnce = async (ref: string, always: boolean): Promise<void> => {
    const present = (await inspect(ref)).status === "present";
    if (present && !always) return;
    const timeout = new AbortController();
    const timer = present ? clock.schedule(REFRESH_TIMEOUT_MS, () => timeout.abort()) : undefined;
    try {
      const auth = registry !== undefined && registryOf(ref) === registry.host ? { auth: registry.auth } : {};
      const signal = AbortSignal.any([options.signal, timeout.signal]);
      logger.info({ image: ref }, "pulling an image");
      await images.pull(ref, { ...auth, signal });
    } catch (error) {
      // A registry that is down must not keep a container down whose image is here.
      const unreachable = timeout.signal.aborted || asSlipwayError(error).fields.reason === "Network";
      if (!present || !unreachable) throw error;
      logger.warn({ image: ref, error }, "the registry cannot be reached: the image that is here is used");
    } finally {
      timer?.cancel();
    }
  };

  const run = async (ref: string, always: boolean, attempt: Attempt): Promise<void> => {
    try {
      await pullOnce(ref, always);
      attempt.failures = 0;
      delete attempt.failed;
      for (const token of attempt.waiting) attempt.served.add(token);
      forgetOldest(attempt.served);
    } catch (cause) {
      const error = asSlipwayError(cause);
      attempt.failures++;
      const failedAtMs = clock.now();
      const delayMs = backoffDelayMs(BACKOFF, attempt.failures);
      const invalid = error.fields.reason === "InvalidName";
      const reason = invalid ? "InvalidImageName" : "ErrImagePull";
      attempt.failed = {
        status: "failed",
        reason,
        message: error.message,
        failedAtMs,
        retryAtMs: failedAtMs + delayMs,
      };
      logger.warn({ image: ref, error, delayMs }, "an image could not be pulled");
    } finally {
      delete attempt.running;
      attempt.waiting.clear();
    }
  };

  return {
    state: async (container, token) => {
      const ref = container.image ?? "";
      const attempt = attempts.get(ref);
      if (attempt?.running !== undefined) return { status: "pulling" };
      const policy = pullPolicy(container);
      if (policy === "Always" && attempt?.served.has(token) !== true) return attempt?.failed ?? { status: "absent" };
      const found = await inspect(ref);
      if (found.status === "present") return found;
      if (policy === "Never") {
        const message = `Container image "${ref}" is not present with pull policy of Never`;
        const failedAtMs = 0;
        return {
          status: "failed",
          reason: "ErrImageNeverPull",
          message,
          failedAtMs,
          retryAtMs: clock.now() + BACKOFF.initialMs,
        };
      }
      return attempt?.failed ?? found;
    },
    pull: (container, token, onDone) => {
      const policy = pullPolicy(container);
      if (policy === "Never") return;
      const ref = container.image ?? "";
      const attempt = attemptFor(ref);
      if (attempt.running === undefined && (attempt.failed?.retryAtMs ?? 0) > clock.now()) return;
      attempt.waiting.add(token);
      attempt.running ??= run(ref, policy === "Always", attempt);
      void attempt.running.then(onDone);
    },
  };
};

const SERVED_KEPT = 500;

const forgetOldest = (tokens: Set<string>): void => {
  for (const token of tokens) {
    if (tokens.size <= SERVED_KEPT) return;
    tokens.delete(token);
  }
};
