import type { LogLine } from "@slipway/bus";
import type { Entry } from "@slipway/cluster";
import type { PodLive } from "@slipway/domain";
import { isSlipwayError } from "@slipway/kernel";
import type { Pods } from "@slipway/proto";
import type { CallContext, ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { logChunk } from "../log-chunk.ts";
import { kindNamed, notFound, projectFor } from "../resources/object-key.ts";
import { awaitRun } from "./await-run.ts";
import { chooseContainer } from "./choose-container.ts";
import { keptLogs } from "./kept-logs.ts";
import { sinceOf, tailOf } from "./since.ts";

/** What a call wants to read, checked. */
interface LogsQuestion {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tail: number | undefined;
  readonly since: Date | undefined;
}

/**
 * What a container of a pod writes. A pod on a node that answers is asked there, which also has what was written a moment
 * ago; for a pod that is gone, or whose node does not answer, the kept logs speak.
 */
export const logs = (context: GatewayContext): ServiceImpl<typeof Pods>["logs"] =>
  async function* (request, call) {
    const { follower, bus, log, clock } = context;
    const kind = kindNamed("Pod");
    const project = projectFor(kind, request.project);
    const { name, follow, previous } = request;
    const question = { follow, previous, tail: tailOf(request), since: sinceOf(request, clock.now()) };
    const kept = async function* (container: string) {
      const wanted = { ...question, project, name, container, signal: call.signal };
      for await (const { container: of, lines } of keptLogs(bus, wanted)) yield logChunk(of, lines);
    };

    const pod = follower.state.pods.get(project, name);
    if (pod === undefined) {
      const [existed] = await log.readStream(`pod/${project}/${name}`, { signal: call.signal });
      if (existed === undefined) throw notFound(kind, project, name);
      yield* kept(request.container);
      return;
    }
    const container = chooseContainer(pod.state.pod, request.container);
    if (!(await awaitRun(follower, pod, container, { wait: follow, signal: call.signal }))) return;
    let answered = false;
    try {
      for await (const lines of nodeLogs(context, call, pod, { ...question, container })) {
        answered = true;
        yield logChunk(container, lines);
      }
    } catch (error) {
      if (answered || !isSlipwayError(error, "NoResponder")) throw error;
      yield* kept(container);
    }
  };

async function* nodeLogs(
  { bus, follower }: GatewayContext,
  call: CallContext,
  { project, name, state }: Entry<PodLive>,
  { container, follow, previous, tail, since }: LogsQuestion,
): AsyncGenerator<readonly LogLine[]> {
  // It may have been given a node while the call waited for its start.
  const node = follower.state.pods.get(project, name)?.state.node ?? state.node ?? "";
  const question = {
    uid: state.pod.metadata?.uid ?? "",
    container,
    follow,
    previous,
    ...(tail === undefined ? {} : { tail }),
    ...(since === undefined ? {} : { sinceTime: since.toISOString() }),
  };
  for await (const answer of bus.requests.call(node, "logs", question, { signal: call.signal })) {
    yield (answer as { readonly lines: readonly LogLine[] }).lines;
  }
}
