import type { Events } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { kindNamed, notFound, projectFor, streamOf } from "../resources/object-key.ts";
import { eventMessage } from "./event-message.ts";

/** Everything that ever happened to one object, the oldest first; also of one that is gone. */
export const history =
  ({ log }: GatewayContext): ServiceImpl<typeof Events>["history"] =>
  async ({ key, limit }, call) => {
    const kind = kindNamed(key?.kind ?? "");
    const name = key?.name ?? "";
    const project = projectFor(kind, key?.project ?? "");
    const streams = [streamOf(kind, project, name), ...(kind.kind === "Pod" ? [`pod-status/${project}/${name}`] : [])];
    const events = (await Promise.all(streams.map((stream) => log.readStream(stream, { signal: call.signal })))).flat();
    if (events.length === 0) throw notFound(kind, project, name);
    events.sort((a, b) => a.position - b.position);
    const kept = limit === undefined || limit <= 0 ? events : events.slice(-limit);
    return { events: kept.map(eventMessage) };
  };
