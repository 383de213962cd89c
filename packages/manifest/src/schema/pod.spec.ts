import type { PodJson } from "@slipway/proto";
import { parseOne, problemsOf } from "../problems-of.ts";

const pod = (spec: string, metadata = "{name: web}"): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: ${metadata}\nspec: ${spec}\n`;
const container = (fields: string): string => pod(`{containers: [{name: web, image: "nginx:1.29", ${fields}}]}`);
const read = (content: string): PodJson => parseOne(content).objects[0]?.object as PodJson;

describe("Pod", () => {
  it("completes a short manifest with the defaults of Kubernetes", () => {
    const object = read(container("ports: [{containerPort: 80}], readinessProbe: {httpGet: {port: 80}}"));
    expect(object).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "demo" },
      spec: {
        restartPolicy: "Always",
        terminationGracePeriodSeconds: 30,
        dnsPolicy: "ClusterFirst",
        containers: [
          {
            name: "web",
            image: "nginx:1.29",
            imagePullPolicy: "IfNotPresent",
            ports: [{ containerPort: 80, protocol: "TCP" }],
            readinessProbe: {
              httpGet: { port: 80, path: "/", scheme: "HTTP" },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
          },
        ],
      },
    });
  });

  it.each([
    ["nginx", "Always"],
    ["nginx:latest", "Always"],
    ["registry:5000/web", "Always"],
    ["registry:5000/web:v1", "IfNotPresent"],
    ["nginx:1.29", "IfNotPresent"],
    [`web@sha256:${"0".repeat(64)}`, "IfNotPresent"],
  ])("pulls %s by the policy %s", (image, policy) => {
    expect(read(pod(`{containers: [{name: web, image: "${image}"}]}`)).spec?.containers?.[0]?.imagePullPolicy).toBe(
      policy,
    );
  });

  it("lets requests default to limits, one resource at a time", () => {
    const [first] =
      read(container("resources: {limits: {cpu: 1, memory: 64Mi}, requests: {cpu: 100m}}")).spec?.containers ?? [];
    expect(first?.resources).toEqual({
      limits: { cpu: 1, memory: "64Mi" },
      requests: { cpu: "100m", memory: "64Mi" },
    });
  });

  it("gives a volume without a source an empty directory", () => {
    expect(read(pod("{containers: [{name: a, image: b}], volumes: [{name: tmp}]}")).spec?.volumes).toEqual([
      { name: "tmp", emptyDir: {} },
    ]);
  });

  it("takes values that ask for no more than happens anyway", () => {
    const { objects, warnings } = parseOne(
      pod(`
  serviceAccountName: default
  serviceAccount: ""
  schedulerName: default-scheduler
  hostNetwork: false
  securityContext: {}
  tolerations: []
  affinity: {}
  nodeName: ""
  imagePullSecrets: null
  containers:
  - name: web
    image: nginx
    resources: {}
    terminationMessagePath: /dev/termination-log
    terminationMessagePolicy: File
    securityContext: {capabilities: {}, privileged: false, allowPrivilegeEscalation: true}
    ports: [{containerPort: 80, hostPort: 0}]
`),
      "strict",
    );
    expect(warnings).toEqual([]);
    const { spec } = objects[0]!.object as PodJson;
    expect(Object.keys(spec ?? {}).sort()).toEqual([
      "containers",
      "dnsPolicy",
      "restartPolicy",
      "securityContext",
      "terminationGracePeriodSeconds",
    ]);
  });

  it.each([
    [pod("{}"), ["spec.containers: Required value"]],
    [pod("{containers: []}"), ["spec.containers: Required value"]],
    ["apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n", ["spec.containers: Required value"]],
    [
      pod("{containers: [{}]}"),
      ["spec.containers[0].name: Required value", "spec.containers[0].image: Required value"],
    ],
    [pod("{containers: web}"), ['spec.containers: expected list, got string "web"']],
    [pod("[]"), ["spec: expected map, got list"]],
    [pod("{containers: [null]}"), ["spec.containers[0]: expected map, got null"]],
    [
      pod("{containers: [{name: a, image: b}, {name: a, image: c}]}"),
      ['spec.containers[1].name: Duplicate value: "a"'],
    ],
    [
      pod("{containers: [{name: a, image: ' '}]}"),
      ['spec.containers[0].image: Invalid value: " ": must not have leading or trailing whitespace'],
    ],
    [
      container("ports: [{containerPort: 70000}]"),
      ["spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"],
    ],
    [
      container("ports: [{containerPort: abc}]"),
      ['spec.containers[0].ports[0].containerPort: expected integer, got string "abc"'],
    ],
    [
      container("ports: [{containerPort: 80, protocol: tcp}]"),
      ['spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "TCP", "UDP"'],
    ],
    [
      container("ports: [{containerPort: 80, protocol: SCTP}]"),
      ['spec.containers[0].ports[0].protocol: "SCTP" is not supported yet; supported values: "TCP", "UDP"'],
    ],
    [
      container("env: [{name: PORT, value: 8080}]"),
      ["spec.containers[0].env[0].value: expected string, got number 8080"],
    ],
    [
      container("env: [{name: DEBUG, value: yes}]"),
      ["spec.containers[0].env[0].value: expected string, got boolean true"],
    ],
    [
      container("volumeMounts: [{name: data, mountPath: /data}]"),
      ['spec.containers[0].volumeMounts[0].name: Not found: "data"'],
    ],
    [
      container("resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}"),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1500m'],
    ],
    [
      container("resources: {limits: {cpu: 10cores}}"),
      [
        "spec.containers[0].resources.limits[cpu]: Invalid value: \"10cores\": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      ],
    ],
    [
      container("resources: {limits: {nvidia.com/gpu: 1}}"),
      ["spec.containers[0].resources.limits[nvidia.com/gpu]: not supported yet"],
    ],
    [
      container("lifecycle: {preStop: {exec: {command: [sleep, '1']}}}"),
      ["spec.containers[0].lifecycle: not supported yet"],
    ],
    [container("livenessProbe: {}"), ["spec.containers[0].livenessProbe: Required value: must specify a handler type"]],
    [
      container("livenessProbe: {exec: {command: [a]}, tcpSocket: {port: 1}}"),
      ["spec.containers[0].livenessProbe: Forbidden: may not specify more than 1 handler type"],
    ],
    [
      container("livenessProbe: {tcpSocket: {port: 1}, successThreshold: 2}"),
      ["spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"],
    ],
    [container("livenessProbe: {grpc: {port: 1}}"), ["spec.containers[0].livenessProbe.grpc: not supported yet"]],
    [
      container("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]"),
      ["spec.containers[0].env[0].valueFrom.secretKeyRef: not supported yet"],
    ],
    [
      container("env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.nope}}}]"),
      [
        'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "spec.nope": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
      ],
    ],
    [
      pod("{restartPolicy: Sometimes, containers: [{name: a, image: b}]}"),
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      pod("{volumes: [{name: d, hostPath: {path: /}}], containers: [{name: a, image: b}]}"),
      ["spec.volumes[0].hostPath: not supported yet"],
    ],
    [
      pod("{volumes: [{name: d, secret: {}}], containers: [{name: a, image: b}]}"),
      ["spec.volumes[0].secret: not supported yet"],
    ],
    [
      pod("{volumes: [{name: d}, {name: d}], containers: [{name: a, image: b}]}"),
      ['spec.volumes[1].name: Duplicate value: "d"'],
    ],
    [
      pod("{terminationGracePeriodSeconds: 3000000000, containers: [{name: a, image: b}]}"),
      [
        "spec.terminationGracePeriodSeconds: Invalid value: 3000000000: must be between -2147483647 and 2147483647, inclusive",
      ],
    ],
  ])("refuses %j", (content, expected) => {
    expect(problemsOf(content)).toEqual(expected);
  });

  it("names every bad part of the metadata", () => {
    const problems = problemsOf(
      pod("{containers: [{name: a, image: b}]}", "{name: Web_1, labels: {'a b': 'c d'}, namespace: A}"),
    );
    expect(problems).toEqual([
      expect.stringMatching(
        /^metadata\.name: Invalid value: "Web_1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric/,
      ),
      expect.stringMatching(/^metadata\.namespace: Invalid value: "A": a lowercase RFC 1123 label/),
      expect.stringMatching(/^metadata\.labels: Invalid value: "a b": name part must consist of/),
      expect.stringMatching(/^metadata\.labels: Invalid value: "c d": a valid label must be an empty string/),
    ]);
    expect(problemsOf(pod("{containers: [{name: a, image: b}]}", "{}"))).toEqual([
      "metadata.name: Required value: name or generateName is required",
    ]);
    expect(problemsOf(pod("{containers: [{name: a, image: b}]}", "{generateName: web-}"))).toEqual([]);
  });

  it("bounds the weight of annotations", () => {
    const metadata = `{name: a, annotations: {note: ${"x".repeat(262_145)}}}`;
    expect(problemsOf(pod("{containers: [{name: a, image: b}]}", metadata))).toEqual([
      "metadata.annotations: Too long: must have at most 262144 bytes",
    ]);
  });
});
