import type { ContainerInfo, Containers } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { type AgentIdentity, LABEL, ownLabels } from "../container/plan/labels.ts";
import { type ObservedPod, observePod } from "./plan/observed-pod.ts";
import type { PodMemory } from "./pod-book.ts";

/** Lines and bytes of a failed container's output that its report carries, as for a termination message. */
const TAIL_LINES = 80;
const TAIL_BYTES = 2_048;

/** Everything of one pod that is on the engine now. */
export const readPod = async (
  containers: Pick<Containers, "list" | "inspect" | "logs">,
  identity: AgentIdentity,
  uid: string,
  memory: PodMemory | undefined,
  signal: AbortSignal,
): Promise<{ readonly observed: ObservedPod; readonly infos: readonly ContainerInfo[] }> => {
  const labels = { ...ownLabels(identity), [LABEL.podUid]: uid };
  const listed = await containers.list({ labels, all: true, signal });
  const inspected = await Promise.all(listed.map(({ id }) => inspectIfThere(containers, id, signal)));
  const infos = inspected.filter((info) => info !== undefined);
  const tails = await Promise.all(
    infos
      .filter((info) => wantsTail(info, memory))
      .map(async (info) => [info.id, await logTail(containers, info.id)] as const),
  );
  return { observed: observePod(infos, new Map(tails)), infos };
};

const inspectIfThere = async (
  containers: Pick<Containers, "inspect">,
  id: string,
  signal: AbortSignal,
): Promise<ContainerInfo | undefined> => {
  try {
    return await containers.inspect(id, signal);
  } catch (error) {
    if (isSlipwayError(error, "ContainerNotFound")) return undefined;
    throw error;
  }
};

const wantsTail = ({ id, labels, state }: ContainerInfo, memory: PodMemory | undefined): boolean =>
  labels[LABEL.role] === "app" &&
  (state.status === "exited" || state.status === "dead") &&
  state.exitCode !== 0 &&
  memory?.reported.containers[labels[LABEL.container] ?? ""]?.exitedId !== id;

const logTail = async (containers: Pick<Containers, "logs">, id: string): Promise<string> => {
  const lines: string[] = [];
  try {
    for await (const { text } of containers.logs(id, { tail: TAIL_LINES })) lines.push(text);
  } catch (error) {
    // An end is told without its last words rather than not at all.
    if (isSlipwayError(error, "EngineUnavailable")) throw error;
  }
  const tail = Buffer.from(lines.join("\n"));
  return tail.length <= TAIL_BYTES
    ? tail.toString()
    : tail
        .subarray(-TAIL_BYTES)
        .toString()
        .replace(/^\uFFFD+/, "");
};
