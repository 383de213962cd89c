import { validateObject } from "./validate-object.ts";

const pod = (index: number): Record<string, unknown> => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `web-${index}`, labels: { app: "web", tier: "front" } },
  spec: {
    containers: [
      {
        name: "web",
        image: "registry:5000/web:v1",
        ports: [{ containerPort: 8080, name: "http" }],
        env: [
          { name: "A", value: "1" },
          { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        ],
        resources: { limits: { cpu: "500m", memory: "64Mi" }, requests: { cpu: "100m" } },
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        readinessProbe: { httpGet: { port: "http" } },
      },
    ],
    volumes: [{ name: "tmp", emptyDir: {} }],
  },
});

describe("validating an object that came as data", () => {
  it("answers with a typed object that narrows by its kind", () => {
    const { object, problems } = validateObject(pod(1), { validation: "strict", project: "demo" });
    expect(problems).toEqual([]);
    if (object.kind !== "Pod") throw new Error("not a pod");
    expect(object.spec?.containers?.[0]?.env?.[1]?.valueFrom?.fieldRef).toEqual({
      apiVersion: "v1",
      fieldPath: "spec.nodeName",
    });
  });

  it("answers with problems by path and code, and throws for nothing", () => {
    expect(validateObject(null, { validation: "warn" }).problems).toEqual([
      { code: "Invalid", path: "", message: "expected an object with kind and apiVersion" },
    ]);
    expect(
      validateObject({ apiVersion: "v1", kind: "Pod", metadata: "x", spec: 1 }, { validation: "warn" }).problems,
    ).toEqual([
      { code: "Invalid", path: "metadata", message: 'expected map, got string "x"' },
      { code: "Invalid", path: "spec", message: "expected map, got number 1" },
    ]);
  });

  it("stops telling after a thousand problems of one object", () => {
    const containers = Array.from({ length: 5000 }, () => 1);
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { containers } };
    expect(validateObject(object, { validation: "warn" }).problems).toHaveLength(1000);
    const unknown = Object.fromEntries(containers.map((_, index) => [`field${index}`, 1]));
    expect(validateObject({ ...pod(1), ...unknown }, { validation: "warn" }).warnings).toHaveLength(1000);
  });

  it("grows with the number of objects alone, and does a thousand pods in a small part of a second", () => {
    const pods = Array.from({ length: 1000 }, (_, index) => pod(index));
    const startedAt = performance.now();
    for (const one of pods) expect(validateObject(one, { validation: "warn" }).problems.length).toBe(0);
    // Measured: 40 ms. The bound is wide for a busy machine and still finds anything that is not linear.
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
