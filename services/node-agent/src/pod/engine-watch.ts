import type { ContainerEngine } from "@slipway/containers";
import type { Component } from "@slipway/runtime";
import { type AgentIdentity, LABEL, ownLabels } from "../container/plan/labels.ts";

/** Turns the engine's events into nudges: a container that dies is looked at within milliseconds. */
export const engineWatch = (options: {
  readonly engine: Pick<ContainerEngine, "events">;
  readonly identity: AgentIdentity;
  readonly onPod: (uid: string) => void;
  /** Events may be missing: everything is to be looked at. */
  readonly onGap: () => void;
}): Component => {
  const lifetime = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const watch = async (): Promise<void> => {
    const labels = ownLabels(options.identity);
    for await (const event of options.engine.events({ labels, signal: lifetime.signal })) {
      switch (event.type) {
        case "connected":
        case "reconnected":
          options.onGap();
          break;
        case "start":
        case "die":
        case "destroy": {
          const uid = event.labels[LABEL.podUid];
          if (uid !== undefined) options.onPod(uid);
          break;
        }
        default:
      }
    }
  };

  return {
    name: "engine-watch",
    start: async () => {
      running = watch();
    },
    stop: async () => {
      lifetime.abort();
      await running;
    },
  };
};
