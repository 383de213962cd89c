import type { EndpointsValue } from "@slipway/domain";
import { nftTable, nftUpdate } from "./nft-table.ts";
import { vipsOf } from "./vips.ts";

const OPTIONS = {
  table: "slipway_t",
  podCidr: "10.88.0.0/24",
  serviceCidr: "10.96.0.0/16",
  masqueradeLocal: false,
};

const service = (name: string, clusterIP: string, ips: readonly string[], more: Partial<EndpointsValue> = {}) => ({
  project: "demo",
  service: name,
  uid: name,
  clusterIP,
  ports: [{ name: "", port: 80, protocol: "TCP" as const }],
  endpoints: ips.map((ip) => ({ pod: ip, uid: ip, node: "n1", ip, ready: true, ports: { "80": 8080 } })),
  routes: [],
  position: 1,
  ...more,
});

const vips = (...services: EndpointsValue[]) => vipsOf(services, new Set());

describe("the service addresses", () => {
  it("spread new connections over the ready pods", () => {
    const table = nftTable(vips(service("web", "10.96.0.5", ["10.88.0.3", "10.88.0.2"])), OPTIONS);
    expect(table).toContain(
      "dnat ip addr . port to numgen random mod 2 map { 0 : 10.88.0.2 . 8080, 1 : 10.88.0.3 . 8080 }",
    );
    expect(table).toContain("elements = { 10.96.0.5 . tcp . 80 : goto svc_10_96_0_5_tcp_80 }");
    expect(table).toContain("elements = { 10.88.0.2 . 10.88.0.2, 10.88.0.3 . 10.88.0.3 }");
    expect(table.startsWith("add table ip slipway_t\ndelete table ip slipway_t\n")).toBe(true);
  });

  it("send a client to the same pod each time with ClientIP", () => {
    const web = service("web", "10.96.0.5", ["10.88.0.2", "10.88.0.3"], { sessionAffinity: "ClientIP" });
    expect(nftTable(vips(web), OPTIONS)).toContain("to jhash ip saddr mod 2 seed");
  });

  it("leave out headless services, pods that are not ready and pods that are being stopped", () => {
    const web = service("web", "10.96.0.5", ["10.88.0.2", "10.88.0.3"]);
    const unready = { ...web, endpoints: web.endpoints.map((each) => ({ ...each, ready: each.ip === "10.88.0.2" })) };
    expect([...vips(unready, service("peers", "", ["10.88.0.9"])).values()].map(({ targets }) => targets)).toEqual([
      ["10.88.0.2 . 8080"],
    ]);
    expect(vipsOf([unready], new Set(["10.88.0.2"])).get("10.96.0.5 . tcp . 80")?.targets).toEqual([]);
  });

  it("let nothing into a rule that is no address", () => {
    const evil = service("web", "10.96.0.5 }; flush ruleset; {", ["10.88.0.2"]);
    expect(vips(evil).size).toBe(0);
    const evilPod = service("web", "10.96.0.5", ["10.88.0.2 ; flush ruleset"]);
    expect(vips(evilPod).get("10.96.0.5 . tcp . 80")?.targets).toEqual([]);
  });

  it("give connections between pods of the node its own address where bridged packets pass no netfilter", () => {
    const table = nftTable(vips(), { ...OPTIONS, masqueradeLocal: true });
    expect(table).toContain("ct status dnat ip saddr 10.88.0.0/24 ip daddr 10.88.0.0/24 masquerade");
  });
});

describe("a change of the service addresses", () => {
  const web = service("web", "10.96.0.5", ["10.88.0.2"]);
  const update = (before: EndpointsValue[], after: EndpointsValue[]) =>
    nftUpdate(vips(...before), vips(...after), OPTIONS)
      .trim()
      .split("\n");

  it("is nothing when nothing changed", () => {
    expect(nftUpdate(vips(web), vips(web), OPTIONS)).toBe("");
  });

  it("replaces one rule when a pod comes", () => {
    expect(update([web], [service("web", "10.96.0.5", ["10.88.0.2", "10.88.0.3"])])).toEqual([
      "flush chain ip slipway_t svc_10_96_0_5_tcp_80",
      expect.stringMatching(/^add rule ip slipway_t svc_10_96_0_5_tcp_80 .*10\.88\.0\.3 \. 8080/),
      "add element ip slipway_t hairpin { 10.88.0.3 . 10.88.0.3 }",
    ]);
  });

  it("takes the address away when the last pod goes", () => {
    expect(update([web], [service("web", "10.96.0.5", [])])).toEqual([
      "delete element ip slipway_t services { 10.96.0.5 . tcp . 80 : goto svc_10_96_0_5_tcp_80 }",
      "flush chain ip slipway_t svc_10_96_0_5_tcp_80",
      "delete chain ip slipway_t svc_10_96_0_5_tcp_80",
      "delete element ip slipway_t hairpin { 10.88.0.2 . 10.88.0.2 }",
    ]);
  });

  it("touches only what belongs to the service that changed", () => {
    const other = service("db", "10.96.0.6", ["10.88.0.7"]);
    expect(update([web, other], [web]).join("\n")).not.toContain("10_96_0_5");
    expect(update([web], [web, other]).join("\n")).not.toContain("10_96_0_5");
  });
});
