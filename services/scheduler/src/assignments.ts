import { type Bus, FeedOwner } from "@slipway/bus";
import type { Change, ClusterState, Entry } from "@slipway/cluster";
import type { AssignmentValue, PodLive } from "@slipway/domain";

/** What a node's agent is told of one pod: the whole wish, so that it needs nothing else. Nothing before it has a node. */
export const assignmentOf = (entry: Entry<PodLive>): AssignmentValue | undefined => {
  const { pod, node, deletion } = entry.state;
  if (node === undefined) return undefined;
  return {
    pod: { ...pod, spec: { ...pod.spec, nodeName: node } },
    ...(deletion === undefined ? {} : { deletion }),
  };
};

/**
 * The assignments feed, kept equal to what the pods of the read model say. An id is a pod's `<project>/<name>`, so that
 * what concerns one name is written in order.
 */
export const assignmentsOwner = (state: () => ClusterState, feed: Bus["assignments"]) =>
  new FeedOwner({
    feed,
    ids: () => [...state().pods.list()].map(({ project, name }) => `${project}/${name}`),
    wanted: (id) => {
      const slash = id.indexOf("/");
      const entry = state().pods.get(id.slice(0, slash), id.slice(slash + 1));
      const value = entry && assignmentOf(entry);
      const node = entry?.state.node;
      const uid = entry?.state.pod.metadata?.uid;
      return value === undefined || node === undefined || uid === undefined ? undefined : { key: { node, uid }, value };
    },
    idOf: (_key, value) => {
      const { pod } = value as AssignmentValue;
      return `${pod.metadata?.namespace}/${pod.metadata?.name}`;
    },
  });

/** The pods whose assignment a batch of events may have changed. */
export const touchedPods = (changes: readonly Change[]): string[] =>
  changes.filter(({ kind }) => kind === "pod").map(({ project, name }) => `${project}/${name}`);
