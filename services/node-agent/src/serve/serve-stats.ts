import type { Containers } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { type AgentIdentity, LABEL, ownLabels } from "../container/plan/labels.ts";

/** What one container uses now. */
interface ContainerUsage {
  readonly name: string;
  readonly at: string;
  /** Since its start. */
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

/** The answer to `stats`, one a pod. */
export interface PodUsage {
  readonly project: string;
  readonly name: string;
  readonly uid: string;
  readonly containers: readonly ContainerUsage[];
}

/** Answers `stats`: usage of every pod of this node, or of the one whose `uid` the question names. */
export async function* serveStats(
  source: { readonly containers: Pick<Containers, "list" | "stats">; readonly identity: AgentIdentity },
  data: unknown,
  signal: AbortSignal,
): AsyncGenerator<PodUsage, void, undefined> {
  const uid = typeof data === "object" && data !== null && "uid" in data ? String(data.uid) : undefined;
  const labels = {
    ...ownLabels(source.identity),
    [LABEL.role]: "app",
    ...(uid !== undefined && { [LABEL.podUid]: uid }),
  };
  const running = await source.containers.list({ labels, signal });
  const pods = Map.groupBy(running, ({ labels }) => labels[LABEL.podUid] ?? "");
  for (const [podUid, containers] of pods) {
    const samples = await Promise.all(
      containers.map(async ({ id, labels }): Promise<ContainerUsage[]> => {
        try {
          const { at, cpuNanos, memoryBytes } = await source.containers.stats(id, signal);
          return [{ name: labels[LABEL.container] ?? "", at, cpuNanos, memoryBytes }];
        } catch (error) {
          if (isSlipwayError(error, "ContainerNotFound")) return [];
          throw error;
        }
      }),
    );
    const { labels } = containers[0] ?? { labels: {} as Record<string, string> };
    yield {
      project: labels[LABEL.project] ?? "",
      name: labels[LABEL.podName] ?? "",
      uid: podUid,
      containers: samples.flat(),
    };
  }
}
