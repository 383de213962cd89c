import { backoffDelayMs, delay } from "@slipway/kernel";
import type Docker from "dockerode";
import type { ContainerEvent, EngineEvent, EventsOptions } from "../port.ts";
import { jsonLines } from "./json-lines.ts";
import { labelFilter } from "./labels.ts";
import { requestStream } from "./request.ts";
import { toEngineTime } from "./time.ts";

const RECONNECT = { initialMs: 50, maxMs: 1_000 };

const TYPES = new Set(["create", "start", "die", "oom", "kill", "stop", "pause", "unpause", "rename", "destroy"]);

/** One value of the engine's stream, as far as we read it. */
interface RawEvent {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly timeNano: number;
  readonly time: number;
}

/**
 * Follows the engine over its restarts. Each connection asks from just before it was made, so that nothing falls between
 * the engine's first answer and its subscription.
 */
export async function* containerEvents(docker: Docker, options: EventsOptions): AsyncGenerator<EngineEvent> {
  const { signal } = options;
  const filters = JSON.stringify({ type: ["container"], label: labelFilter(options.labels) });
  let connections = 0;
  let failures = 0;
  while (!signal.aborted) {
    const now = new Date().toISOString();
    const since = toEngineTime(connections === 0 ? (options.since ?? now) : now);
    try {
      const body = await requestStream(docker, { method: "GET", path: "/events", query: { filters, since }, signal });
      yield { type: connections++ === 0 ? "connected" : "reconnected", at: now };
      failures = 0;
      for await (const value of jsonLines(body)) {
        const event = toContainerEvent(value as RawEvent);
        if (event !== undefined) yield event;
      }
    } catch {
      // Whatever broke the stream, the answer is the same: connect again.
    }
    failures += 1;
    await delay(backoffDelayMs(RECONNECT, failures), signal).catch(() => {});
  }
}

const toContainerEvent = (raw: RawEvent): ContainerEvent | undefined => {
  if (!TYPES.has(raw.Action)) return undefined;
  const { name = "", image = "", exitCode, signal: _signal, ...labels } = raw.Actor.Attributes;
  return {
    type: raw.Action as ContainerEvent["type"],
    containerId: raw.Actor.ID,
    name,
    image,
    labels,
    at: eventTime(raw),
    ...(raw.Action === "die" && exitCode !== undefined ? { exitCode: Number(exitCode) } : {}),
  };
};

/** `timeNano` is beyond a double's exact integers; its lower digits are the engine's to lose (under a microsecond). */
const eventTime = ({ timeNano, time }: RawEvent): string => {
  const micros = Math.round((timeNano - time * 1e9) / 1e3);
  const seconds = new Date(time * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(Math.min(999_999, Math.max(0, micros))).padStart(6, "0")}000Z`;
};
