import { Builds, Events, Pods, Resources } from "@slipway/proto";
import { bindHandlers, type ServiceBinding } from "@slipway/rpc";
import { cancel } from "./builds/cancel.ts";
import { logs as buildLogs } from "./builds/logs.ts";
import { start as startBuild } from "./builds/start.ts";
import { history } from "./events/history.ts";
import { subscribe } from "./events/subscribe.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { logs as podLogs } from "./pods/logs.ts";
import { apply } from "./resources/apply.ts";
import { remove } from "./resources/delete.ts";
import { get } from "./resources/get.ts";
import { kinds } from "./resources/kinds.ts";
import { list } from "./resources/list.ts";
import { scale } from "./resources/scale.ts";
import { status } from "./resources/status.ts";
import { watch } from "./resources/watch.ts";

/** Every RPC and what answers it. */
export const servicesOf = (context: GatewayContext): ServiceBinding[] => [
  bindHandlers(Resources, {
    apply: apply(context),
    get: get(context),
    list: list(context),
    watch: watch(context),
    delete: remove(context),
    scale: scale(context),
    kinds: kinds(),
    status: status(context),
  }),
  bindHandlers(Pods, { logs: podLogs(context) }),
  bindHandlers(Builds, { start: startBuild(context), cancel: cancel(context), logs: buildLogs(context) }),
  bindHandlers(Events, { subscribe: subscribe(context), history: history(context) }),
];
