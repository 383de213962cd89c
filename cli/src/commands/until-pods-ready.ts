import { SlipwayError } from "@slipway/kernel";
import { type ApiObject, objectOf } from "../client/api-object.ts";
import type { Session } from "../client/session.ts";
import { watch } from "../client/watch.ts";
import { podRow } from "../tables/pod-row.ts";
import { containerStatuses } from "./container-lines.ts";
import { lastWords } from "./last-words.ts";

export interface PodsWanted {
  readonly labelSelector: string;
  readonly count: number;
  /** Where they are expected to listen. */
  readonly port: number;
  readonly timeoutMs: number;
}

/** A container that ended this often, one run after the other, will not come up by waiting. */
const MOST_RESTARTS = 2;

/** Waits until every pod is ready. Pods that crash, or are not ready in time, end it with their reason and last words. */
export const untilPodsReady = async (
  session: Session,
  { labelSelector, count, port, timeoutMs }: PodsWanted,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<void> => {
  const pods = new Map<string, ApiObject>();
  const late = AbortSignal.timeout(timeoutMs);
  const request = { kind: "pods", project: session.project, labelSelector };
  try {
    for await (const { type, resource } of watch(session, request, AbortSignal.any([signal, late]))) {
      const pod = objectOf(resource);
      const name = pod.metadata?.name ?? "";
      if (type === "DELETED") pods.delete(name);
      else if (type !== "BOOKMARK") pods.set(name, pod);
      if (pods.has(name) && crashes(pod)) throw await failed(session, signal, pod, "does not stay up");
      const unready = [...pods.values()].filter((each) => !isReady(each));
      const ready = pods.size - unready.length;
      const words = [...new Set(unready.map((each) => podRow(each).status))].join(", ");
      progress(`${ready} of ${count} ready${words ? ` (${words})` : ""}`);
      if (ready >= count) return;
    }
  } catch (error) {
    if (!late.aborted || signal.aborted) throw error;
    const pod = [...pods.values()].find((each) => !isReady(each));
    const within = `within ${Math.round(timeoutMs / 1000)} s`;
    if (pod === undefined)
      throw new SlipwayError("DeadlineExceeded", `Only ${pods.size} of ${count} pods were made ${within}.`);
    const hint = podRow(pod).status === "Running" ? `; does it listen on port ${port}?` : "";
    throw await failed(session, signal, pod, `is not ready ${within}${hint}`, "DeadlineExceeded");
  }
};

const isReady = (pod: ApiObject): boolean => {
  const wanted = ((pod.spec?.containers ?? []) as readonly unknown[]).length;
  return pod.metadata?.deletionTimestamp === undefined && podRow(pod).ready === `${wanted}/${wanted}`;
};

const crashes = (pod: ApiObject): boolean => {
  const { status, restarts } = podRow(pod);
  return status === "CreateContainerConfigError" || (status === "CrashLoopBackOff" && restarts >= MOST_RESTARTS);
};

const failed = async (
  session: Session,
  signal: AbortSignal,
  pod: ApiObject,
  what: string,
  code: "FailedPrecondition" | "DeadlineExceeded" = "FailedPrecondition",
): Promise<SlipwayError> => {
  const name = pod.metadata?.name ?? "";
  const why = [podRow(pod).status, messageOf(pod)].filter((text) => text !== "").join(": ");
  const words = await lastWords(session, signal, { pod: name });
  const sentence = `Pod "${name}" ${what} (${why}): look at \`slipway describe pod/${name}\`.`;
  return new SlipwayError(code, [sentence, ...words].join("\n"));
};

/** What the platform says of a pod that is not ready. */
const messageOf = (pod: ApiObject): string => {
  const waiting = containerStatuses(pod).find(({ state }) => state?.waiting?.message);
  const conditions = (pod.status?.conditions ?? []) as readonly { status?: string; message?: string }[];
  const condition = conditions.find((each) => each.status === "False" && each.message);
  return String(waiting?.state?.waiting?.message ?? pod.status?.message ?? condition?.message ?? "");
};
