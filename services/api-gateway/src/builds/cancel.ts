import { buildDecider } from "@slipway/domain";
import type { Builds } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import { callerOf } from "../caller.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { kindNamed, notFound, projectFor } from "../resources/object-key.ts";
import { storeDecision } from "../store-decision.ts";
import { buildMessage } from "./start.ts";

/** Ends a build: at once when nobody has begun it, otherwise as soon as its builder hears of it. */
export const cancel =
  (context: GatewayContext): ServiceImpl<typeof Builds>["cancel"] =>
  async ({ project: given, name }, call) => {
    const kind = kindNamed("Build");
    const project = projectFor(kind, given);
    const { position, ahead } = await storeDecision(context, callerOf(call, context), call, (state) => {
      const entry = state.builds.get(project, name);
      if (entry === undefined) throw notFound(kind, project, name);
      const at = new Date(context.clock.now()).toISOString();
      return [{ stream: entry.stream, events: buildDecider.decide({ type: "CancelBuild", at }, entry.state) }];
    });
    return { build: buildMessage(context, project, name, ahead), position: BigInt(position) };
  };
