import type { StoredEvent } from "@slipway/kernel";
import { type UpcasterTable, upcastWith } from "./upcast.ts";
import { upcast } from "./upcasters.ts";

const stored = (type: string, data: unknown): StoredEvent => ({
  id: "00000000-0000-4000-8000-000000000001",
  type,
  data,
  position: 7,
  stream: "pod/demo/web",
  version: 2,
  meta: { actor: "user:owner" },
  recordedAt: "2026-01-01T00:00:00.000Z",
});

const renamed: UpcasterTable = {
  PodPlaced: ({ data }) => ({ type: "PodBound", data: { host: (data as { on?: string } | null)?.on } }),
  PodBound: ({ data }) => ({ type: "PodScheduled", data: { node: (data as { host?: string } | null)?.host } }),
  // Its data grew a field; the type stays.
  BuildStarted: (event) => ({ ...event, data: { builder: "unknown", ...(event.data as object) } }),
};

describe("upcastWith", () => {
  it("leads an event through every change since it was recorded, and leaves its place alone", () => {
    expect(upcastWith(renamed)(stored("PodPlaced", { on: "n1" }))).toEqual(stored("PodScheduled", { node: "n1" }));
  });

  it("asks an upcaster that keeps the type once", () => {
    expect(upcastWith(renamed)(stored("BuildStarted", { uid: "u" })).data).toEqual({ builder: "unknown", uid: "u" });
  });

  it("hands on an event in today's words as it is", () => {
    const event = stored("PodDeleted", { uid: "u" });
    expect(upcastWith(renamed)(event)).toBe(event);
    expect(upcast(event)).toBe(event);
  });

  it("is not led astray by a type named like a property of every object", () => {
    const event = stored("constructor", {});
    expect(upcastWith(renamed)(event)).toBe(event);
  });

  it("ends on upcasters that lead in a circle", () => {
    const circle: UpcasterTable = { A: (e) => ({ ...e, type: "B" }), B: (e) => ({ ...e, type: "A" }) };
    expect(upcastWith(circle)(stored("A", {})).type).toBe("A");
  });
});
