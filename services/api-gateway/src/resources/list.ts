import { listView } from "@slipway/cluster";
import type { Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { viewOptions } from "./get.ts";
import { kindNamed, projectFor } from "./object-key.ts";
import { positionOf, waitForPosition } from "./read-position.ts";

/** All objects of a kind, of one project or of all, chosen by label. */
export const list =
  (context: GatewayContext): ServiceImpl<typeof Resources>["list"] =>
  async (request, call) => {
    await waitForPosition(context, call, positionOf(request.atLeastPosition));
    const kind = kindNamed(request.kind);
    const project = request.project === "" ? undefined : projectFor(kind, request.project);
    const { state } = context.follower;
    const objects = listView(state, kind.kind, project, {
      ...viewOptions(context),
      labelSelector: request.labelSelector,
    });
    return { resources: objects.map(resourceMessage), position: BigInt(state.position) };
  };
