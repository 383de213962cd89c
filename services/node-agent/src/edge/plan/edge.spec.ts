import type { EndpointsValue, ServiceRouteValue } from "@slipway/domain";
import { edgeBackends } from "./edge-backends.ts";
import { type EdgeSlots, planSlots } from "./edge-slots.ts";
import { haproxyConfig, haproxyMap } from "./haproxy-config.ts";
import { parseServerStates } from "./server-states.ts";

const service = (name: string, ips: readonly string[], ...routes: Partial<ServiceRouteValue>[]): EndpointsValue => ({
  project: "demo",
  service: name,
  uid: name,
  clusterIP: "",
  ports: [
    { name: "http", port: 80, protocol: "TCP" },
    { name: "admin", port: 81, protocol: "TCP" },
  ],
  endpoints: ips.map((ip) => ({ pod: ip, uid: ip, node: "n1", ip, ready: true, ports: { http: 8080, admin: 9000 } })),
  routes: routes.map((route) => ({ name: "r", host: `${name}.example.com`, path: "", weight: 100, ...route })),
  position: 1,
});
const backends = (...services: EndpointsValue[]) => edgeBackends(services, new Set());
const addresses = (of: ReturnType<typeof backends>) => of[0]?.servers.map(({ address }) => address);
const NOTHING: EdgeSlots = new Map();

describe("the backends of the edge", () => {
  it("lead to the port that the route names, by name or number, else to the first", () => {
    expect(addresses(backends(service("web", ["10.0.0.1"], {})))).toEqual(["10.0.0.1:8080"]);
    expect(addresses(backends(service("web", ["10.0.0.1"], { portName: "admin" })))).toEqual(["10.0.0.1:9000"]);
    expect(addresses(backends(service("web", ["10.0.0.1"], { port: 9000 })))).toEqual(["10.0.0.1:9000"]);
    expect(addresses(backends(service("web", ["10.0.0.1"], { portName: "none" })))).toEqual([]);
  });

  it("leave out pods that are being stopped", () => {
    const web = service("web", ["10.0.0.1", "10.0.0.2"], {});
    expect(addresses(edgeBackends([web], new Set(["10.0.0.1"])))).toEqual(["10.0.0.2:8080"]);
  });

  it("share the traffic of one host by weight, whatever the number of pods", () => {
    const place = { host: "shop.example.com" };
    const [backend] = backends(
      service("a", ["10.0.0.1"], { ...place, weight: 90 }),
      service("b", ["10.0.1.1", "10.0.1.2"], { ...place, weight: 10 }),
      service("off", ["10.0.2.1"], { ...place, weight: 0 }),
    );
    expect(backend?.servers).toEqual([
      { address: "10.0.0.1:8080", weight: 256 },
      { address: "10.0.1.1:8080", weight: 14 },
      { address: "10.0.1.2:8080", weight: 14 },
    ]);
  });

  it("let no host or path break out of the configuration", () => {
    expect(backends(service("web", [], { host: "a b\n" }))).toEqual([]);
    expect(backends(service("web", [], { path: '/x"\n  server evil' }))[0]?.path).toBe("/xserverevil");
  });
});

describe("the map of the edge", () => {
  it("ends every place in a slash, so that a path does not catch a longer word", () => {
    const web = service("web", [], {}, { path: "/shop/" }, { path: "/shop/cart" });
    const places = haproxyMap(backends(web))
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]);
    expect(places.sort()).toEqual(["web.example.com/", "web.example.com/shop/", "web.example.com/shop/cart/"]);
  });
});

describe("the servers of a running HAProxy", () => {
  const two = backends(service("web", ["10.0.0.1", "10.0.0.2"], {}));
  const name = two[0]?.name ?? "";

  it("need a reload when a route comes or goes", () => {
    const first = planSlots(NOTHING, two);
    expect(first.reload).toBe(true);
    expect(planSlots(first.slots, []).reload).toBe(true);
    expect(planSlots(first.slots, two)).toMatchObject({ reload: false, commands: [] });
  });

  it("change without a reload when pods come and go; those that stay keep their place", () => {
    const { slots } = planSlots(NOTHING, two);
    const change = planSlots(slots, backends(service("web", ["10.0.0.2", "10.0.0.3"], {})));
    expect(change.reload).toBe(false);
    expect(change.commands).toEqual([
      `set server ${name}/s1 state maint`,
      `set server ${name}/s1 addr 10.0.0.3 port 8080`,
      `set server ${name}/s1 weight 100`,
      `set server ${name}/s1 state ready`,
    ]);
    expect(change.slots.get(name)?.[1]?.address).toBe("10.0.0.2:8080");
  });

  it("are switched off when their pods are gone", () => {
    const { slots } = planSlots(NOTHING, two);
    expect(planSlots(slots, backends(service("web", [], {}))).commands).toEqual([
      `set server ${name}/s1 state maint`,
      `set server ${name}/s2 state maint`,
    ]);
  });

  it("have room to grow before a reload is needed, and more after it", () => {
    const ips = (count: number) => Array.from({ length: count }, (_, index) => `10.0.0.${index + 1}`);
    const { slots } = planSlots(NOTHING, two);
    expect(slots.get(name)).toHaveLength(4);
    expect(planSlots(slots, backends(service("web", ips(4), {}))).reload).toBe(false);
    const grown = planSlots(slots, backends(service("web", ips(5), {})));
    expect(grown.reload).toBe(true);
    expect(grown.slots.get(name)).toHaveLength(16);
  });

  it("are read back from the process that an earlier agent left running", () => {
    const { slots } = planSlots(NOTHING, two);
    const row = (index: number, address: string, state: number, port: number) =>
      `3 ${name} ${index} s${index} ${address} 2 ${state} 100 100 9 1 0 2 0 0 0 0 - ${port} - 0 0 - - 0`;
    const answer = [
      "1",
      "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port",
      row(1, "10.0.0.1", 0, 8080),
      row(2, "10.0.0.2", 0, 8080),
      row(3, "127.0.0.1", 5, 9),
      row(4, "127.0.0.1", 1, 9),
    ].join("\n");
    expect(parseServerStates(answer)).toEqual(slots);
    expect(parseServerStates("Unknown command")).toBeUndefined();
  });
});

describe("the configuration of the edge", () => {
  it("names every place for a server, filled or not, and what stands behind it when there is none", () => {
    const two = backends(service("web", ["10.0.0.1"], { path: "/shop" }));
    const config = haproxyConfig(two, planSlots(NOTHING, two).slots, {
      host: "127.0.0.1",
      port: 8080,
      socket: "/s",
      mapFile: "/m",
    });
    expect(config).toContain("  server s1 10.0.0.1:8080 weight 100\n  server s2 127.0.0.1:9 disabled\n");
    expect(config).toContain("No ready pod stands behind web.example.com/shop (service demo/web).");
    expect(config).not.toContain("  user ");
  });
});
