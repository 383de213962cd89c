import { isFinishedBuild } from "@slipway/domain";
import { linkedSignal } from "@slipway/kernel";
import type { Builds } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { logChunk } from "../log-chunk.ts";
import { kindNamed, notFound, projectFor } from "../resources/object-key.ts";

/** After a build's end its last lines may still be on their way. */
const DRAIN_MS = 500;

/** What a build writes; with `follow` until it has ended and its last line was told. */
export const logs = (context: GatewayContext): ServiceImpl<typeof Builds>["logs"] =>
  async function* ({ project: given, name, follow, tailLines }, call) {
    const { bus, follower, log, clock } = context;
    const kind = kindNamed("Build");
    const project = projectFor(kind, given);
    const now = () => follower.state.builds.get(project, name);
    if (
      now() === undefined &&
      (await log.readStream(`build/${project}/${name}`, { signal: call.signal })).length === 0
    ) {
      throw notFound(kind, project, name);
    }
    const ended = () => {
      const entry = now();
      return entry === undefined || isFinishedBuild(entry.state);
    };
    const reading = linkedSignal(call.signal);
    const following = follow && !ended();
    const endSoon = () => clock.schedule(DRAIN_MS, () => reading.abort());
    const stop = following
      ? follower.onChange(() => {
          if (ended()) endSoon();
        })
      : () => {};
    // It may have ended between the question and the listener.
    if (following && ended()) endSoon();
    try {
      const options = {
        signal: reading.signal,
        follow: following,
        ...(tailLines === undefined ? {} : { tail: tailLines }),
      };
      for await (const { key, lines } of bus.logs.read({ project, kind: "build", name }, options))
        yield logChunk(key.container, lines);
      call.signal.throwIfAborted();
    } finally {
      stop();
      reading.abort();
    }
  };
