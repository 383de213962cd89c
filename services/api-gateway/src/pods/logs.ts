import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { LogLine } from "@slipway/bus";
import type { Entry } from "@slipway/cluster";
import { findKind, type PodLive } from "@slipway/domain";
import { deferred, isSlipwayError, raceSignal, SlipwayError } from "@slipway/kernel";
import type { PodLogsRequest, Pods } from "@slipway/proto";
import type { CallContext, ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { logChunk } from "../log-chunk.ts";
import { kindNamed, notFound, projectFor } from "../resources/object-key.ts";

/**
 * What a container of a pod writes. A pod on a node that answers is asked there, which also has what was written a moment
 * ago; for a pod that is gone, or whose node does not answer, the kept logs speak.
 */
export const logs = (context: GatewayContext): ServiceImpl<typeof Pods>["logs"] =>
  async function* (request, call) {
    const project = projectFor(kindNamed("Pod"), request.project);
    const entry = context.follower.state.pods.get(project, request.name);
    if (entry === undefined) {
      yield* keptLogs(context, call, { ...request, project }, request.container);
      return;
    }
    const container = chooseContainer(entry, request.container);
    const started = await untilStarted(context, call, entry, request.follow);
    if (started?.state.node === undefined) return;
    let answered = false;
    try {
      for await (const lines of nodeLogs(context, call, started, container, request)) {
        answered = true;
        yield logChunk(container, lines);
      }
    } catch (error) {
      if (answered || !isSlipwayError(error, "NoResponder")) throw error;
      yield* keptLogs(context, call, { ...request, project }, container);
    }
  };

const chooseContainer = (entry: Entry<PodLive>, wanted: string): string => {
  const names = (entry.state.pod.spec?.containers ?? []).map(({ name = "" }) => name);
  if (wanted === "" && names.length === 1) return names[0] ?? "";
  if (names.includes(wanted)) return wanted;
  const message =
    wanted === ""
      ? `a container must be chosen for pod ${entry.name}: one of ${names.join(", ")}`
      : `container ${wanted} is not in pod ${entry.name}: it has ${names.join(", ")}`;
  throw new SlipwayError("Invalid", `container: ${message}.`, { problems: [{ path: "container", message }] });
};

/** A follower of a pod that has no node yet waits for it; undefined when the pod goes before it has one. */
const untilStarted = async (
  { follower }: GatewayContext,
  call: CallContext,
  { project, name }: Entry<PodLive>,
  follow: boolean,
): Promise<Entry<PodLive> | undefined> => {
  const now = () => follower.state.pods.get(project, name);
  for (;;) {
    const news = deferred();
    const stop = follower.onChange(() => news.resolve());
    try {
      const entry = now();
      if (entry === undefined || entry.state.node !== undefined || !follow) return entry;
      await raceSignal(news.promise, call.signal);
    } finally {
      stop();
    }
  }
};

async function* nodeLogs(
  { bus, clock }: GatewayContext,
  call: CallContext,
  entry: Entry<PodLive>,
  container: string,
  request: PodLogsRequest,
): AsyncGenerator<readonly LogLine[]> {
  const since = sinceOf(request, clock.now());
  const question = {
    uid: entry.state.pod.metadata?.uid ?? "",
    container,
    follow: request.follow,
    previous: request.previous,
    ...(request.tailLines === undefined ? {} : { tail: request.tailLines }),
    ...(since === undefined ? {} : { sinceTime: since.toISOString() }),
  };
  for await (const answer of bus.requests.call(entry.state.node ?? "", "logs", question, { signal: call.signal })) {
    yield (answer as { lines: readonly LogLine[] }).lines;
  }
}

const sinceOf = ({ sinceTime, sinceSeconds }: PodLogsRequest, now: number): Date | undefined =>
  sinceTime !== undefined
    ? timestampDate(sinceTime)
    : sinceSeconds === undefined
      ? undefined
      : new Date(now - sinceSeconds * 1000);

async function* keptLogs(
  { bus, log, clock }: GatewayContext,
  call: CallContext,
  request: PodLogsRequest,
  container: string,
) {
  const { project, name } = request;
  const existed = (await log.readStream(`pod/${project}/${name}`, { signal: call.signal })).length > 0;
  const kind = findKind("Pod");
  if (!existed && kind !== undefined) throw notFound(kind, project, name);
  const since = sinceOf(request, clock.now());
  const chunks = bus.logs.read(
    { project, kind: "pod", name, ...(container === "" ? {} : { container }) },
    {
      signal: call.signal,
      ...(request.tailLines === undefined || request.previous ? {} : { tail: request.tailLines }),
      ...(since === undefined ? {} : { since }),
    },
  );
  if (!request.previous) {
    for await (const { key, lines } of chunks) yield logChunk(key.container, lines);
    return;
  }
  const runs = new Map<string, LogLine[]>();
  for await (const { key, lines } of chunks) runs.set(key.run, [...(runs.get(key.run) ?? []), ...lines]);
  const before = [...runs.values()].at(-2) ?? [];
  yield logChunk(container, request.tailLines === undefined ? before : before.slice(-request.tailLines));
}
