import { viewOf } from "@slipway/cluster";
import type { Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { kindNamed, notFound, projectFor } from "./object-key.ts";
import { positionOf, waitForPosition } from "./read-position.ts";

/** One object, with its derived status. */
export const get =
  (context: GatewayContext): ServiceImpl<typeof Resources>["get"] =>
  async (request, call) => {
    await waitForPosition(context, call, positionOf(request.atLeastPosition));
    const kind = kindNamed(request.key?.kind ?? "");
    const name = request.key?.name ?? "";
    const project = projectFor(kind, request.key?.project ?? "");
    const { state } = context.follower;
    const object = viewOf(state, kind.kind, project, name, viewOptions(context));
    if (object === undefined) throw notFound(kind, project, name);
    return { resource: resourceMessage(object), position: BigInt(state.position) };
  };

/** What derived fields need beside the state. */
export const viewOptions = ({ settings, clock }: Pick<GatewayContext, "settings" | "clock">) => ({
  registryHost: settings.registryHost,
  now: clock.now(),
});
