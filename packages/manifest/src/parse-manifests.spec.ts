import { isSlipwayError, type SlipwayError } from "@slipway/kernel";
import { MAX_FILE_BYTES, parseManifests } from "./parse-manifests.ts";
import type { ValidationMode } from "./shape.ts";

const POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n";
const SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";

const parse = (content: string, validation: ValidationMode = "warn", project = "demo") =>
  parseManifests([{ name: "web.yaml", content }], { validation, project });

const refusal = (content: string, validation: ValidationMode = "warn"): SlipwayError => {
  try {
    parse(content, validation);
  } catch (error) {
    if (isSlipwayError(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("parsing manifests", () => {
  it("answers objects in the order in which they stand, with their places", () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Project, metadata: {name: a}}\n- ${POD.replaceAll("\n", "\n  ")}`;
    const { objects } = parseManifests(
      [
        { name: "a.yaml", content: `${SERVICE}---\n${list}` },
        { name: "b.json", content: '{"apiVersion":"v1","kind":"Project","metadata":{"name":"b"}}' },
      ],
      { validation: "warn" },
    );
    expect(objects.map(({ object, source }) => [object.kind, object.metadata.name, source])).toEqual([
      ["Service", "web", { file: "a.yaml", document: 1, line: 1, path: "" }],
      ["Project", "a", { file: "a.yaml", document: 2, line: 9, path: "items[0]" }],
      ["Pod", "web", { file: "a.yaml", document: 2, line: 10, path: "items[1]" }],
      ["Project", "b", { file: "b.json", document: 1, line: 1, path: "" }],
    ]);
  });

  it("puts an object without a project into the one asked for, and leaves the others where they are", () => {
    expect(parse(POD).objects[0]?.object.metadata.namespace).toBe("demo");
    expect(parse(POD.replace("name: web", "name: web, namespace: shop")).objects[0]?.object.metadata.namespace).toBe(
      "shop",
    );
    expect(parseManifests([{ name: "f", content: POD }], { validation: "warn" }).objects[0]?.object.metadata).toEqual({
      name: "web",
    });
  });

  it("unfolds typed lists, whose items need not repeat their kind, and lists in lists", () => {
    const content = JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [
        {
          apiVersion: "v1",
          kind: "PodList",
          metadata: { resourceVersion: "7" },
          items: [{ metadata: { name: "a" }, spec: { containers: [{ name: "a", image: "b" }] } }],
        },
        { apiVersion: "v1", kind: "ServiceList", items: null },
        { apiVersion: "v1", kind: "List", items: [] },
      ],
    });
    expect(parse(content).objects.map(({ object, source }) => [object.kind, source.path])).toEqual([
      ["Pod", "items[0].items[0]"],
    ]);
    expect(refusal("apiVersion: v1\nkind: List\nitems: {a: b}\n").message).toContain("items: expected list");
  });

  it("tells every problem of every object in every file, led by its place", () => {
    const files = [
      { name: "a.yaml", content: `${SERVICE.replace("80", "70000")}---\n${POD.replace("image: nginx", "image: 7")}` },
      { name: "b.yaml", content: "kind: Pod\n" },
      { name: "c.yaml", content: "a: [\n" },
    ];
    let error: unknown;
    try {
      parseManifests(files, { validation: "warn" });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: "Malformed",
      problems: [
        {
          path: "a.yaml: Service/web: spec.ports[0].port",
          message: "Invalid value: 70000: must be between 1 and 65535, inclusive",
        },
        { path: "a.yaml: Pod/web: spec.containers[0].image", message: "expected string, got number 7" },
        { path: "b.yaml: Pod at line 1: apiVersion", message: "Required value" },
        { path: expect.stringMatching(/^c\.yaml:\d+:\d+$/), message: expect.any(String) },
      ],
    });
    expect((error as Error).message).toMatch(/^c\.yaml:\d+:\d+: .* \(and 3 more problems\)$/);
  });

  describe("unknown fields", () => {
    const content = POD.replace("metadata:", "id: web\nmetadata:").replace(
      "image: nginx",
      "image: nginx, Image: a, capabilities: {}",
    );

    it("are warnings with their path, and the rest applies", () => {
      const { objects, warnings } = parse(content);
      expect(warnings).toEqual([
        { object: "Pod/web", file: "web.yaml", path: "id", message: "unknown field" },
        {
          object: "Pod/web",
          file: "web.yaml",
          path: "spec.containers[0].Image",
          message: 'unknown field; did you mean "image"?',
        },
        { object: "Pod/web", file: "web.yaml", path: "spec.containers[0].capabilities", message: "unknown field" },
      ]);
      expect(JSON.stringify(objects)).not.toMatch(/"id"|"Image"|"capabilities"/);
    });

    it("are refused when strict", () => {
      const error = refusal(content, "strict");
      expect(error.code).toBe("UnknownField");
      expect(error.problems.map(({ path }) => path)).toEqual([
        "web.yaml: Pod/web: id",
        "web.yaml: Pod/web: spec.containers[0].Image",
        "web.yaml: Pod/web: spec.containers[0].capabilities",
      ]);
    });

    it("are not mentioned when ignored", () => {
      expect(parse(content, "ignore").warnings).toEqual([]);
    });
  });

  describe("fields that are not built yet", () => {
    const content = POD.replace(
      "image: nginx",
      "image: nginx, lifecycle: {preStop: {}}, readinessProbe: {grpc: {port: 1}}, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
    ).replace("spec: {", "spec: {dnsPolicy: None, hostNetwork: true, volumes: [{name: v, secret: {secretName: s}}], ");

    it("are refused with their paths, strict or not", () => {
      for (const mode of ["warn", "strict"] as const) {
        const error = refusal(content, mode);
        expect(error.code).toBe("NotSupportedYet");
        expect(error.problems.map(({ path }) => path.replace("web.yaml: Pod/web: ", ""))).toEqual([
          "spec.dnsPolicy",
          "spec.hostNetwork",
          "spec.volumes[0].secret",
          "spec.containers[0].lifecycle",
          "spec.containers[0].readinessProbe.grpc",
          "spec.containers[0].env[0].valueFrom.secretKeyRef",
        ]);
        expect(error.message).toContain("--validate=ignore");
      }
    });

    it("are left out when ignored, together with what makes no sense without them", () => {
      expect(parse(content, "ignore").objects[0]?.object).toMatchObject({
        spec: {
          dnsPolicy: "ClusterFirst",
          volumes: [{ name: "v", emptyDir: {} }],
          containers: [{ name: "web", image: "nginx", imagePullPolicy: "Always", env: [{ name: "A" }] }],
        },
      });
      expect(JSON.stringify(parse(content, "ignore").objects)).not.toMatch(/lifecycle|Probe|valueFrom|hostNetwork/);
    });
  });

  describe("kinds", () => {
    it.each([
      ["Deployment", "apps/v1", "NotSupportedYet", "kind: Deployment (apps/v1): not supported yet"],
      ["DeploymentConfig", "v1", "NotSupportedYet", "kind: DeploymentConfig (v1): not supported yet"],
      [
        "Template",
        "template.openshift.io/v1",
        "NotSupportedYet",
        "kind: Template (template.openshift.io/v1): not supported yet",
      ],
      ["Secret", "v1", "NotSupportedYet", "kind: Secret (v1): not supported yet"],
      [
        "Endpoints",
        "v1",
        "NotSupportedYet",
        "kind: Endpoints (v1): not supported yet; endpoints follow from a service's selector",
      ],
      ["Foo", "othergroup/v2", "UnknownKind", 'apiVersion: no kind "Foo" is registered for version "othergroup/v2"'],
      ["Secret", "apps/v1", "UnknownKind", 'apiVersion: no kind "Secret" is registered for version "apps/v1"'],
      ["Pod", "v1beta3", "UnknownKind", 'apiVersion: no kind "Pod" is registered for version "v1beta3"; use "v1"'],
      [
        "Route",
        "route.openshift.io/v2",
        "UnknownKind",
        'apiVersion: no kind "Route" is registered for version "route.openshift.io/v2"; use "route.openshift.io/v1" or "v1"',
      ],
      ["toString", "v1", "UnknownKind", 'apiVersion: no kind "toString" is registered for version "v1"'],
      ["pod", "v1", "UnknownKind", 'apiVersion: no kind "pod" is registered for version "v1"'],
    ])("answers %s of %s with %s in every mode", (kind, apiVersion, code, message) => {
      for (const mode of ["warn", "strict", "ignore"] as const) {
        const error = refusal(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n`, mode);
        expect(error.code).toBe(code);
        expect(error.message).toBe(`web.yaml: ${kind}/a: ${message}`);
      }
    });

    it("answers OpenShift's kinds with the version of their group", () => {
      expect(parse("apiVersion: v1\nkind: ImageStream\nmetadata: {name: a}\n").objects[0]?.object.apiVersion).toBe(
        "image.openshift.io/v1",
      );
    });
  });

  it("drops what only the server writes, in silence", () => {
    const content = `${POD.replace(
      "name: web}\n",
      "name: web, uid: u, resourceVersion: '1', creationTimestamp: null, selfLink: /a, generation: 3, managedFields: [{a: 1}], deletionTimestamp: x}\n",
    )}status: {phase: Running, anything: [1]}\n`;
    const { objects, warnings } = parse(content, "strict");
    expect(warnings).toEqual([]);
    expect(objects[0]?.object.metadata).toEqual({ name: "web", namespace: "demo" });
    expect(objects[0]?.object).not.toHaveProperty("status");
  });

  it("keeps the owners of an object", () => {
    const owner = "{apiVersion: v1, kind: ReplicationController, name: web, uid: u, controller: true}";
    expect(
      parse(POD.replace("name: web}", `name: web, ownerReferences: [${owner}]}`)).objects[0]?.object.metadata,
    ).toEqual({
      name: "web",
      namespace: "demo",
      ownerReferences: [{ apiVersion: "v1", kind: "ReplicationController", name: "web", uid: "u", controller: true }],
    });
  });

  it("refuses a file that is too large, and what is no object", () => {
    expect(refusal(`# ${"x".repeat(MAX_FILE_BYTES)}`)).toMatchObject({ code: "TooLarge" });
    for (const content of ["just text", "- a\n- b\n", "7", "[]"]) {
      expect(refusal(content).message).toBe("web.yaml: object at line 1: expected an object with kind and apiVersion");
    }
  });

  it("is not led astray by names of the prototype", () => {
    const text = JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }).replace(
      '"metadata":{',
      '"__proto__":{"polluted":true},"constructor":1,"metadata":{"labels":{"__proto__":"x"},"toString":1,',
    );
    const error = refusal(text);
    expect(error.problems.map(({ path }) => path)).toContain("web.yaml: Pod/a: metadata.labels");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("answers an empty file with no objects", () => {
    expect(parse("")).toEqual({ objects: [], warnings: [] });
  });
});
