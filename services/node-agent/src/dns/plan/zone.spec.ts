import type { EndpointsValue } from "@slipway/domain";
import { answerQuestion, type ZoneView } from "./zone.ts";

const endpoint = (pod: string, ip: string, ready = true) => ({
  pod,
  uid: pod,
  node: "n1",
  ip,
  ready,
  ports: { http: 8080 },
});
const SERVICES: Record<string, EndpointsValue> = {
  "demo/web": {
    project: "demo",
    service: "web",
    uid: "1",
    clusterIP: "10.96.0.5",
    ports: [{ name: "http", port: 80, protocol: "TCP" }],
    endpoints: [endpoint("web-1", "10.88.0.2")],
    routes: [],
    position: 1,
  },
  "demo/peers": {
    project: "demo",
    service: "peers",
    uid: "2",
    clusterIP: "",
    ports: [{ name: "http", port: 80, protocol: "TCP" }],
    endpoints: [
      endpoint("peer-1", "10.88.0.3"),
      endpoint("peer-2", "10.88.0.4"),
      endpoint("peer-3", "10.88.0.5", false),
    ],
    routes: [],
    position: 1,
  },
  "demo/lonely": {
    project: "demo",
    service: "lonely",
    uid: "3",
    clusterIP: "",
    ports: [],
    endpoints: [],
    routes: [],
    position: 1,
  },
};
const VIEW: ZoneView = {
  service: (project, name) => SERVICES[`${project}/${name}`],
  hasProject: (project) => project === "demo",
  byAddress: (ip) => Object.values(SERVICES).find(({ clusterIP }) => clusterIP === ip),
};

const ask = (name: string, type = "A") => answerQuestion({ name, type }, VIEW);
const addresses = (name: string) => {
  const answer = ask(name);
  return answer.type === "answer" && answer.found ? answer.records.map(({ data }) => data) : "none";
};
const notFound = expect.objectContaining({ type: "answer", found: false });
const empty = expect.objectContaining({ type: "answer", found: true, records: [] });

describe("the cluster's zone", () => {
  it.each([
    ["web.demo.svc.cluster.local", ["10.96.0.5"]],
    ["WEB.Demo.svc.Cluster.Local", ["10.96.0.5"]],
    ["peers.demo.svc.cluster.local", ["10.88.0.3", "10.88.0.4"]],
    ["peer-2.peers.demo.svc.cluster.local", ["10.88.0.4"]],
    ["10-88-0-3.peers.demo.svc.cluster.local", ["10.88.0.3"]],
    ["10-88-0-9.demo.pod.cluster.local", ["10.88.0.9"]],
  ])("knows %s", (name, expected) => expect(addresses(name)).toEqual(expected));

  it.each([
    "nobody.demo.svc.cluster.local",
    "web.other.svc.cluster.local",
    "lonely.demo.svc.cluster.local",
    "peer-3.peers.demo.svc.cluster.local",
    "web-1.web.demo.svc.cluster.local",
    "example.com.demo.svc.cluster.local",
    "example.com.cluster.local",
    "nothing.demo.pod.cluster.local",
  ])("knows that there is no %s", (name) => expect(ask(name)).toEqual(notFound));

  it.each([
    ["web.demo.svc.cluster.local", "AAAA"],
    ["web.demo.svc.cluster.local", "MX"],
    ["demo.svc.cluster.local", "A"],
    ["svc.cluster.local", "A"],
    ["cluster.local", "A"],
  ])("has nothing more of %s for %s, but does not deny it", (name, type) => expect(ask(name, type)).toEqual(empty));

  it("tells the ports of a service and, for a headless one, of each pod", () => {
    expect(ask("_http._tcp.web.demo.svc.cluster.local", "SRV")).toMatchObject({
      records: [{ data: { port: 80, target: "web.demo.svc.cluster.local" } }],
      additional: [{ name: "web.demo.svc.cluster.local", data: "10.96.0.5" }],
    });
    expect(ask("_http._tcp.peers.demo.svc.cluster.local", "SRV")).toMatchObject({
      records: [{ data: { port: 8080 } }, { data: { port: 8080 } }],
      additional: [
        { name: "10-88-0-3.peers.demo.svc.cluster.local", data: "10.88.0.3" },
        { name: "10-88-0-4.peers.demo.svc.cluster.local", data: "10.88.0.4" },
      ],
    });
    expect(ask("_http._udp.web.demo.svc.cluster.local", "SRV")).toEqual(notFound);
  });

  it("finds the way back from a service's address, and leaves other addresses to others", () => {
    expect(ask("5.0.96.10.in-addr.arpa", "PTR")).toMatchObject({ records: [{ data: "web.demo.svc.cluster.local" }] });
    expect(ask("1.1.1.1.in-addr.arpa", "PTR")).toEqual({ type: "forward" });
  });

  it("leaves every other name to the host's resolvers", () => {
    for (const name of ["example.com", "local", "notcluster.local", "cluster.local.example.com"]) {
      expect(ask(name)).toEqual({ type: "forward" });
    }
  });
});
