import type { AssignmentKey, Bus } from "@slipway/bus";
import type { AssignmentValue } from "@slipway/domain";
import type { Clock } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import { type FeedView, feedView } from "../feed/feed-view.ts";
import type { PodWish } from "./plan/pod-input.ts";

/** What this node should run. */
export interface DesiredPods {
  readonly feed: FeedView<AssignmentValue>;
  /** `undefined` while nobody can say: the pod is left as it is. */
  wish(uid: string): PodWish | undefined;
}

/** A pod that the control plane has forgotten, or removed by force, gets so long to end. */
const FORGOTTEN_GRACE_SECONDS = 2;

export const desiredPods = (options: {
  readonly bus: Pick<Bus, "assignments">;
  readonly node: string;
  readonly onChange: (uid: string) => void;
  readonly onCaughtUp: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}): DesiredPods => {
  const feed = feedView<AssignmentKey, AssignmentValue>({
    name: "assignments",
    feed: options.bus.assignments,
    filter: { node: options.node },
    keyText: ({ uid }) => uid,
    read: readAssignment,
    onChange: options.onChange,
    onCaughtUp: options.onCaughtUp,
    clock: options.clock,
    logger: options.logger,
  });
  return {
    feed,
    wish: (uid) => {
      const value = feed.get(uid);
      if (value === undefined)
        return feed.complete ? { type: "end", graceSeconds: FORGOTTEN_GRACE_SECONDS } : undefined;
      if (value.deletion === undefined) return { type: "run", value };
      return { type: "end", graceSeconds: value.deletion.gracePeriodSeconds, value };
    },
  };
};

/** The one place where a value of the feed becomes typed: what the agent cannot do without is looked at. */
const readAssignment = (value: unknown, key: AssignmentKey): AssignmentValue | undefined => {
  if (typeof value !== "object" || value === null || !("pod" in value)) return undefined;
  const assignment = value as AssignmentValue;
  const { metadata, spec } = assignment.pod ?? {};
  const whole = metadata?.uid === key.uid && !!metadata.name && !!metadata.namespace && Array.isArray(spec?.containers);
  return whole ? assignment : undefined;
};
