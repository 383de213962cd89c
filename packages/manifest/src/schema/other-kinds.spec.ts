import { parseOne, problemsOf } from "../problems-of.ts";

const object = (kind: string, spec: string, apiVersion = "v1", name = "web"): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const read = (content: string): unknown => parseOne(content).objects[0]?.object;

describe("Route", () => {
  it("leads to a service with the full weight", () => {
    expect(read(object("Route", "{to: {name: web}}"))).toEqual({
      apiVersion: "route.openshift.io/v1",
      kind: "Route",
      metadata: { name: "web", namespace: "demo" },
      spec: { to: { name: "web", kind: "Service", weight: 100 }, wildcardPolicy: "None" },
    });
  });

  it.each([
    ["{}", ["spec.to.name: Required value"]],
    ["{to: {name: web, weight: 257}}", ["spec.to.weight: Invalid value: 257: must be between 0 and 256, inclusive"]],
    ["{to: {name: web, kind: Pod}}", ['spec.to.kind: Unsupported value: "Pod": supported values: "Service"']],
    ["{to: {name: web}, path: web}", ['spec.path: Invalid value: "web": path must begin with /']],
    ["{to: {name: web}, port: {}}", ["spec.port.targetPort: Required value"]],
    ["{to: {name: web}, tls: {termination: edge}}", ["spec.tls: not supported yet"]],
    ["{to: {name: web}, alternateBackends: [{name: b}]}", ["spec.alternateBackends: not supported yet"]],
  ])("refuses %s", (spec, expected) => {
    expect(problemsOf(object("Route", spec))).toEqual(expected);
  });

  it("refuses a host that no name server would answer for", () => {
    for (const host of ["Bad Host", "-a.example.com", "a..b", `${"a".repeat(64)}.example.com`, "*.example.com"]) {
      expect(problemsOf(object("Route", `{host: "${host}", to: {name: web}}`))).not.toEqual([]);
    }
  });
});

describe("ImageStream", () => {
  it("passes a reference to an image on as it is", () => {
    const spec =
      "{lookupPolicy: {local: false}, tags: [{name: latest, from: {kind: DockerImage, name: 'centos/ruby:2'}, generation: null, " +
      "importPolicy: {}, referencePolicy: {type: Source}, annotations: null}]}";
    expect(read(object("ImageStream", spec, "image.openshift.io/v1"))).toEqual({
      apiVersion: "image.openshift.io/v1",
      kind: "ImageStream",
      metadata: { name: "web", namespace: "demo" },
      spec: {
        lookupPolicy: { local: false },
        tags: [{ name: "latest", from: { kind: "DockerImage", name: "centos/ruby:2" } }],
      },
    });
  });

  it("may let a tag follow another one", () => {
    for (const name of ["2.4", "ruby:2.4"]) {
      expect(
        problemsOf(object("ImageStream", `{tags: [{name: a, from: {kind: ImageStreamTag, name: "${name}"}}]}`)),
      ).toEqual([]);
    }
  });

  it.each([
    ["{tags: [{}]}", ["spec.tags[0].name: Required value"]],
    ["{tags: [{name: a}, {name: a}]}", ['spec.tags[1].name: Duplicate value: "a"']],
    ["{tags: [{name: a, from: {name: b}}]}", ["spec.tags[0].from.kind: Required value"]],
    [
      "{tags: [{name: a, from: {kind: ImageStreamTag, name: 'b:c:d'}}]}",
      [
        'spec.tags[0].from.name: Invalid value: "b:c:d": ImageStreamTag object references must be in the form <name>:<tag>',
      ],
    ],
    [
      "{tags: [{name: a, from: {kind: Pod, name: b}}]}",
      [
        'spec.tags[0].from.kind: Unsupported value: "Pod": supported values: "ImageStreamTag", "ImageStreamImage", "DockerImage"',
      ],
    ],
    ["{tags: [{name: a, referencePolicy: {type: Local}}]}", ["spec.tags[0].referencePolicy.type: not supported yet"]],
    ["{dockerImageRepository: centos/ruby}", ["spec.dockerImageRepository: not supported yet"]],
  ])("refuses %s", (spec, expected) => {
    expect(problemsOf(object("ImageStream", spec))).toEqual(expected);
  });
});

describe("Project", () => {
  it("may be written as a Namespace", () => {
    const expected = { apiVersion: "project.openshift.io/v1", kind: "Project", metadata: { name: "web" } };
    expect(read(object("Namespace", "{finalizers: [kubernetes]}"))).toEqual(expected);
    expect(read(object("Project", "{}"))).toEqual(expected);
    expect(read(object("Project", "null", "project.openshift.io/v1"))).toEqual(expected);
  });

  it("belongs to no project itself", () => {
    expect(read("apiVersion: v1\nkind: Namespace\nmetadata: {name: web, namespace: other}\n")).not.toHaveProperty(
      "metadata.namespace",
    );
  });

  it("must have a name that is a label", () => {
    expect(problemsOf(object("Project", "{}", "v1", "a.b"))).toEqual([
      expect.stringContaining('metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label'),
    ]);
  });
});

describe("Node", () => {
  it("can be marked unschedulable", () => {
    expect(read(object("Node", "{unschedulable: true, externalID: x}"))).toMatchObject({
      spec: { unschedulable: true },
    });
    expect(problemsOf(object("Node", "{taints: [{key: a}]}"))).toEqual(["spec.taints: not supported yet"]);
  });
});
