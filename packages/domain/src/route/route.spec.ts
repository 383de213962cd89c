import type { RouteJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { HOST_GENERATED } from "./decide.ts";
import { routeDecider } from "./decider.ts";
import type { RouteEvent } from "./events.ts";
import { routeView } from "./view.ts";

const routes = DeciderSpecification.for(routeDecider);
const route = (host: string, annotations?: Record<string, string>, generation = 1): RouteJson => ({
  kind: "Route",
  metadata: { name: "web", namespace: "demo", uid: "u1", generation, ...(annotations ? { annotations } : {}) },
  spec: { host, to: { kind: "Service", name: "web" } },
});
const generated = (more: Record<string, string> = {}): RouteJson =>
  route("web-demo.example.com", { [HOST_GENERATED]: "true", ...more });
const created: RouteEvent = { type: "RouteCreated", data: { route: generated() } };

describe("a route whose host was generated", () => {
  it("keeps it, and the mark of it, when a manifest names no host", () => {
    routes
      .given([created])
      .when({ type: "ApplyRoute", object: route("") })
      .thenNothingHappened();
    routes
      .given([created])
      .when({ type: "ApplyRoute", object: route("", { team: "a" }) })
      .then([{ type: "RouteChanged", data: { route: generated({ team: "a" }) } }]);
  });

  it("takes the host that a manifest names", () => {
    routes
      .given([created])
      .when({ type: "ApplyRoute", object: route("own.example.com") })
      .then([{ type: "RouteChanged", data: { route: route("own.example.com", undefined, 2) } }]);
  });
});

describe("routeView", () => {
  it("says whether the edge lets it in, and why not", () => {
    const state = { status: "live", object: route("a.example.com") } as const;
    expect(routeView(state, { admitted: true }).status?.ingress?.[0]).toMatchObject({
      host: "a.example.com",
      conditions: [{ type: "Admitted", status: "True" }],
    });
    const refused = routeView(state, { admitted: false, reason: "HostAlreadyClaimed", message: "older" });
    expect(refused.status?.ingress?.[0]?.conditions).toEqual([
      { type: "Admitted", status: "False", reason: "HostAlreadyClaimed", message: "older" },
    ]);
  });
});
