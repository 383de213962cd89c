import type { OwnedPod } from "./owned-pod.ts";

const PHASE_RANK = { Pending: 0, Unknown: 1, Running: 2, Succeeded: 2, Failed: 2 } as const;

/** Ages in one bucket count as the same: powers of two of a second, so that near-simultaneous starts do not decide. */
const bucket = (ageMs: number): number => Math.floor(Math.log2(Math.max(1, ageMs / 1000)));

/**
 * Which pod goes first when there are too many; the order is that of Kubernetes: without a node, not yet running, not
 * ready, cheap to delete, on a node with more of its siblings, ready for less time, often restarted, newer.
 */
export const removalOrder = (pods: readonly OwnedPod[], now: number): readonly OwnedPod[] => {
  const perNode = new Map<string, number>();
  for (const { node } of pods) if (node !== undefined) perNode.set(node, (perNode.get(node) ?? 0) + 1);
  const siblings = ({ node }: OwnedPod) => (node === undefined ? 0 : (perNode.get(node) ?? 0));
  const readyAge = (pod: OwnedPod) => (pod.readySince === undefined ? 0 : bucket(now - pod.readySince));

  return [...pods].sort(
    (a, b) =>
      Number(a.node !== undefined) - Number(b.node !== undefined) ||
      PHASE_RANK[a.phase] - PHASE_RANK[b.phase] ||
      Number(a.ready) - Number(b.ready) ||
      a.deletionCost - b.deletionCost ||
      siblings(b) - siblings(a) ||
      readyAge(a) - readyAge(b) ||
      b.restarts - a.restarts ||
      b.createdAt - a.createdAt ||
      a.name.localeCompare(b.name),
  );
};
