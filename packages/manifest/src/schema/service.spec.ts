import type { ServiceJson } from "@slipway/proto";
import { parseOne, problemsOf } from "../problems-of.ts";

const service = (spec: string, name = "web"): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const read = (content: string): ServiceJson => parseOne(content).objects[0]?.object as ServiceJson;

describe("Service", () => {
  it("aims at its own port over TCP by default", () => {
    expect(read(service("{selector: {app: web}, ports: [{port: 80}]}")).spec).toEqual({
      selector: { app: "web" },
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      type: "ClusterIP",
      sessionAffinity: "None",
    });
  });

  it("may aim at a port by its name", () => {
    expect(read(service("{ports: [{port: 80, targetPort: http}]}")).spec?.ports?.[0]?.targetPort).toBe("http");
  });

  it("needs no port when it is headless", () => {
    expect(problemsOf(service("{clusterIP: None, selector: {app: web}}"))).toEqual([]);
    expect(problemsOf(service("{selector: {app: web}}"))).toEqual(["spec.ports: Required value"]);
  });

  it("takes what a newer Kubernetes writes into every service", () => {
    const spec =
      "{clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ipFamilies: [IPv4], ipFamilyPolicy: SingleStack, " +
      "internalTrafficPolicy: Cluster, ports: [{port: 80, appProtocol: http}]}";
    expect(problemsOf(service(spec), "strict")).toEqual([]);
    expect(problemsOf(service("{clusterIP: 10.0.0.1, clusterIPs: [10.0.0.2], ports: [{port: 80}]}"))).toEqual([
      "spec.clusterIPs: not supported yet",
    ]);
  });

  it.each([
    ["{ports: [{port: 70000}]}", ["spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"]],
    ["{ports: [{}]}", ["spec.ports[0].port: Required value"]],
    ["{ports: [{port: '80'}]}", ['spec.ports[0].port: expected integer, got string "80"']],
    ["{ports: [{port: 80}, {port: 81}]}", ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"]],
    [
      "{ports: [{name: a, port: 80}, {name: b, port: 80}]}",
      ['spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}'],
    ],
    ["{ports: [{name: a, port: 80}, {name: a, port: 81}]}", ['spec.ports[1].name: Duplicate value: "a"']],
    [
      "{ports: [{port: 80, targetPort: '8080'}]}",
      ['spec.ports[0].targetPort: Invalid value: "8080": must contain at least one letter (a-z)'],
    ],
    [
      "{type: NodePort, ports: [{port: 80}]}",
      ['spec.type: "NodePort" is not supported yet; supported values: "ClusterIP"'],
    ],
    ["{ports: [{port: 80, nodePort: 30000}]}", ["spec.ports[0].nodePort: not supported yet"]],
    [
      "{type: Internal, ports: [{port: 80}]}",
      ['spec.type: Unsupported value: "Internal": supported values: "ClusterIP"'],
    ],
    [
      "{sessionAffinity: Cookie, ports: [{port: 80}]}",
      ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "None", "ClientIP"'],
    ],
    [
      "{clusterIP: none, ports: [{port: 80}]}",
      [`spec.clusterIP: Invalid value: "none": must be empty, 'None', or a valid IP address`],
    ],
  ])("refuses %s", (spec, expected) => {
    expect(problemsOf(service(spec))).toEqual(expected);
  });

  it("must have a name that can become an environment variable", () => {
    expect(problemsOf(service("{ports: [{port: 80}]}", "1web"))).toEqual([
      expect.stringContaining('metadata.name: Invalid value: "1web": a DNS-1035 label must consist of'),
    ]);
    expect(problemsOf(service("{ports: [{port: 80}]}", "w".repeat(64)))).toEqual([
      expect.stringContaining("must be no more than 63 characters"),
    ]);
  });
});
