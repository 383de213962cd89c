import { replicationControllerDecider } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import { callerOf } from "../caller.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { resourceMessage } from "../resource-message.ts";
import { storeDecision } from "../store-decision.ts";
import { objectAfter } from "./object-after.ts";
import { kindNamed, notFound, projectFor, streamOf } from "./object-key.ts";

/** Sets how many pods a controller keeps. */
export const scale =
  (context: GatewayContext): ServiceImpl<typeof Resources>["scale"] =>
  async ({ key, replicas, currentReplicas }, call) => {
    const kind = kindNamed(key?.kind ?? "");
    const name = key?.name ?? "";
    if (kind.kind !== "ReplicationController") {
      throw new SlipwayError(
        "Invalid",
        `key.kind: a ${kind.kind} cannot be scaled: scale its replication controller.`,
        {
          problems: [{ path: "key.kind", message: `Unsupported value: "${kind.kind}"` }],
        },
      );
    }
    const project = projectFor(kind, key?.project ?? "");
    const { position, ahead } = await storeDecision(context, callerOf(call, context), call, (state) => {
      const entry = state.replicationControllers.get(project, name);
      if (entry === undefined) throw notFound(kind, project, name);
      const expected = currentReplicas === undefined ? {} : { expected: currentReplicas };
      const events = replicationControllerDecider.decide(
        { type: "ScaleReplicationController", replicas, ...expected },
        entry.state,
      );
      return [{ stream: entry.stream, events }];
    });
    const object = objectAfter(
      context,
      { kind: kind.kind, project, name, stream: streamOf(kind, project, name) },
      ahead,
    );
    if (object === undefined) throw notFound(kind, project, name);
    return { position: BigInt(position), resource: resourceMessage(object) };
  };
