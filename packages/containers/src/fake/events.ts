import { deferred } from "@slipway/kernel";
import type { EngineEvent, EventsOptions } from "../port.ts";
import { type FakeState, hasLabels, timeOf } from "./state.ts";

/** Events since the connection; `since` is not replayed. A restart of the fake comes out as `reconnected`. */
export async function* fakeEvents(state: FakeState, { labels, signal }: EventsOptions): AsyncGenerator<EngineEvent> {
  const queue: EngineEvent[] = [];
  let wake = deferred();
  const listener = (event: EngineEvent) => {
    if ("labels" in event && !hasLabels(event.labels, labels)) return;
    queue.push(event);
    wake.resolve();
  };
  const onAbort = () => wake.resolve();
  state.listeners.add(listener);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    queue.unshift({ type: "connected", at: timeOf(state) });
    while (!signal.aborted) {
      const event = queue.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      wake = deferred();
      if (queue.length === 0) await wake.promise;
    }
  } finally {
    state.listeners.delete(listener);
    signal.removeEventListener("abort", onAbort);
  }
}
