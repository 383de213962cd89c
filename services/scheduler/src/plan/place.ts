import type { NodeVerdictJson, PlacementExplanationJson } from "@slipway/proto";
import { FILTERS } from "./filters.ts";
import type { NodeView } from "./node-view.ts";
import type { PodRequest } from "./pod-request.ts";
import { SCORES } from "./scores.ts";

/** Where a pod goes, or why nowhere, with the verdict on each node that was looked at. */
export type Placement =
  | { readonly placed: true; readonly node: string; readonly explanation: PlacementExplanationJson }
  | { readonly placed: false; readonly message: string; readonly explanation: PlacementExplanationJson };

/** Verdicts kept in one event; the others are counted by reason. An event must stay small at 5,000 nodes. */
const VERDICTS_KEPT = 20;

/** Looking further rarely finds a better node, and at 5,000 nodes it is what costs. */
const ENOUGH_FEASIBLE = 100;

interface Candidate {
  readonly node: NodeView;
  readonly score: number;
  readonly scores: Record<string, number>;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const rate = (pod: PodRequest, node: NodeView): Candidate => {
  const scores: Record<string, number> = {};
  let score = 0;
  for (const { name, weight, rate } of SCORES) {
    const points = weight * rate(pod, node);
    scores[name] = round(points);
    score += points;
  }
  return { node, score, scores };
};

/**
 * Chooses the node for one pod. `start` (any whole number) rotates where the search begins, so that many pods in a row
 * do not all look at the same first nodes; equal scores go to the node found first. Pure: the same arguments give the
 * same answer.
 */
export const place = (pod: PodRequest, nodes: readonly NodeView[], start = 0): Placement => {
  const rejected: NodeVerdictJson[] = [];
  const summaries = new Map<string, number>();
  const omitted: Record<string, number> = {};
  const feasible: Candidate[] = [];
  let evaluated = 0;

  for (let i = 0; i < nodes.length && feasible.length < ENOUGH_FEASIBLE; i++) {
    const node = nodes[(start + i) % nodes.length] as NodeView;
    evaluated++;
    let passed = true;
    for (const filter of FILTERS) {
      const rejection = filter.check(pod, node);
      if (rejection === undefined) continue;
      passed = false;
      summaries.set(rejection.summary, (summaries.get(rejection.summary) ?? 0) + 1);
      if (rejected.length < VERDICTS_KEPT) {
        rejected.push({ node: node.name, feasible: false, filter: filter.name, reason: rejection.reason });
      } else {
        omitted[rejection.summary] = (omitted[rejection.summary] ?? 0) + 1;
      }
      break;
    }
    if (passed) feasible.push(rate(pod, node));
  }

  const best = feasible.reduce<Candidate | undefined>(
    (best, candidate) => (best === undefined || candidate.score > best.score ? candidate : best),
    undefined,
  );
  if (best === undefined) {
    const explanation = { nodesEvaluated: evaluated, nodesFeasible: 0, verdicts: rejected, omitted };
    return { placed: false, message: summarise(nodes.length, summaries), explanation };
  }
  // The winner first, then the best of the others: what a reader asks for.
  feasible.sort((a, b) => b.score - a.score || (a === best ? -1 : b === best ? 1 : 0));
  const shown = feasible
    .slice(0, VERDICTS_KEPT)
    .map(
      ({ node, score, scores }): NodeVerdictJson => ({ node: node.name, feasible: true, score: round(score), scores }),
    );
  if (feasible.length > shown.length) omitted["feasible, with a lower score"] = feasible.length - shown.length;
  const verdicts = [...shown, ...rejected];
  return {
    placed: true,
    node: best.node.name,
    explanation: { nodesEvaluated: evaluated, nodesFeasible: feasible.length, verdicts, omitted },
  };
};

/** "0/3 nodes are available: 2 Insufficient cpu, 1 node(s) were unschedulable.", the most frequent reason first. */
const summarise = (total: number, summaries: ReadonlyMap<string, number>): string => {
  if (total === 0) return "0/0 nodes are available: no node has joined yet.";
  const parts = [...summaries]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .map(([text, n]) => `${n} ${text}`);
  return `0/${total} nodes are available: ${parts.join(", ")}.`;
};
