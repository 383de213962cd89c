import { isFinishedBuild } from "@slipway/domain";
import { linkedSignal } from "@slipway/kernel";
import type { Builds } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { logChunk } from "../log-chunk.ts";
import { tailOf } from "../pods/since.ts";
import { kindNamed, notFound, projectFor } from "../resources/object-key.ts";

/** A builder stores a build's last lines before it says that the build has ended; they reach a reader this much later at most. */
const DRAIN_MS = 500;

/** What a build writes; with `follow` until it has ended and its last line was told. */
export const logs = (context: GatewayContext): ServiceImpl<typeof Builds>["logs"] =>
  async function* (request, call) {
    const { bus, follower, log, clock } = context;
    const { name, follow } = request;
    const kind = kindNamed("Build");
    const project = projectFor(kind, request.project);
    const tail = tailOf(request);
    const build = () => follower.state.builds.get(project, name);
    if (build() === undefined) {
      const [existed] = await log.readStream(`build/${project}/${name}`, { signal: call.signal });
      if (existed === undefined) throw notFound(kind, project, name);
    }
    const goesOn = () => {
      const entry = build();
      return entry !== undefined && !isFinishedBuild(entry.state);
    };
    const reading = linkedSignal(call.signal);
    const following = follow && goesOn();
    const stop = following
      ? follower.onChange(() => {
          if (goesOn()) return;
          stop();
          clock.schedule(DRAIN_MS, () => reading.abort());
        })
      : () => {};
    try {
      const options = { signal: reading.signal, follow: following, ...(tail === undefined ? {} : { tail }) };
      for await (const { key, lines } of bus.logs.read({ project, kind: "build", name }, options)) {
        yield logChunk(key.container, lines);
      }
      call.signal.throwIfAborted();
    } finally {
      stop();
      reading.abort();
    }
  };
