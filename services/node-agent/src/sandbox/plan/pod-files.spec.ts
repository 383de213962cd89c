import { hostsFile } from "./hosts-file.ts";
import { parseResolvConf, podResolvConf } from "./resolv-conf.ts";
import { podHostname } from "./sandbox-spec.ts";

describe("a pod's resolv.conf", () => {
  const host = parseResolvConf("# made by hand\nnameserver 192.0.2.53\nsearch example.com corp\noptions timeout:1\n");

  it("leads to the node's DNS server, with the search path of its project before the host's", () => {
    expect(podResolvConf("ClusterFirst", "demo", "10.88.0.1", host)).toBe(
      "search demo.svc.cluster.local svc.cluster.local cluster.local example.com corp\nnameserver 10.88.0.1\noptions ndots:5\n",
    );
  });

  it("is the host's own when the pod asks for that", () => {
    expect(podResolvConf("Default", "demo", "10.88.0.1", host)).toBe(
      "search example.com corp\nnameserver 192.0.2.53\noptions timeout:1\n",
    );
  });

  it("leads to the node's DNS server where the host's resolver is on loopback, which a pod cannot reach", () => {
    const loopback = parseResolvConf("nameserver 127.0.0.53\n");
    expect(podResolvConf("Default", "demo", "10.88.0.1", loopback)).toBe("nameserver 10.88.0.1\n");
  });
});

describe("a pod's hosts file", () => {
  it("holds the pod itself and the names that its manifest adds", () => {
    const file = hostsFile("10.88.0.2", "web-1", [
      { ip: "192.0.2.7", hostnames: ["db", "db.local"] },
      { ip: "1.2.3.4" },
    ]);
    expect(file).toContain("\n10.88.0.2\tweb-1\n192.0.2.7\tdb\tdb.local\n");
    expect(file).not.toContain("1.2.3.4");
  });
});

describe("a pod's host name", () => {
  it("is its name, cut to what a host name may hold", () => {
    expect(podHostname({ metadata: { name: "web-1" } })).toBe("web-1");
    expect(podHostname({ metadata: { name: `${"a".repeat(62)}-b` } })).toBe("a".repeat(62));
    expect(podHostname({ metadata: { name: "web-1" }, spec: { hostname: "box" } })).toBe("box");
  });
});
