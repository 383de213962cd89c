import { buildInfoEnv, envRecord } from "./build-environment.ts";
import { buildLabels, outputLabels, s2iLabels } from "./build-labels.ts";

const build = {
  metadata: { name: "web-3", namespace: "demo" },
  spec: {
    source: { git: { uri: "https://joe:secret@example.com/web.git", ref: "main" }, contextDir: "app" },
    output: {
      imageLabels: [
        { name: "team", value: "a" },
        { name: "", value: "x" },
      ],
    },
  },
};
const revision = {
  commit: "abc",
  author: "Jo <jo@example.com>",
  date: "2026-01-01T00:00:00.000Z",
  message: "One\n\nTwo",
};

describe("what an image tells of its build", () => {
  it("labels it with build and source, without credentials", () => {
    expect(buildLabels(build, revision)).toEqual({
      "io.openshift.build.name": "web-3",
      "io.openshift.build.namespace": "demo",
      "io.openshift.build.commit.id": "abc",
      "io.openshift.build.commit.author": "Jo <jo@example.com>",
      "io.openshift.build.commit.date": "2026-01-01T00:00:00.000Z",
      "io.openshift.build.commit.message": "One",
      "io.openshift.build.commit.ref": "main",
      "io.openshift.build.source-location": "https://***@example.com/web.git",
      "io.openshift.build.source-context-dir": "app",
    });
  });

  it("adds the names that source-to-image uses", () => {
    const labels = s2iLabels(build, revision, "slipway/nodejs", "demo/web:latest");
    expect(labels["io.openshift.s2i.build.image"]).toBe("slipway/nodejs");
    expect(labels["io.openshift.s2i.build.commit.id"]).toBe("abc");
    expect(labels["io.k8s.display-name"]).toBe("demo/web:latest");
  });

  it("leaves out what is not known", () => {
    expect(buildLabels({ metadata: { name: "web-3" } }, undefined)).toEqual({ "io.openshift.build.name": "web-3" });
  });

  it("takes the labels of the build config", () => {
    expect(outputLabels(build)).toEqual({ team: "a" });
  });

  it("sets the variables of OpenShift", () => {
    expect(buildInfoEnv(build, "abc")).toEqual({
      OPENSHIFT_BUILD_NAME: "web-3",
      OPENSHIFT_BUILD_NAMESPACE: "demo",
      OPENSHIFT_BUILD_SOURCE: "https://***@example.com/web.git",
      OPENSHIFT_BUILD_REFERENCE: "main",
      OPENSHIFT_BUILD_COMMIT: "abc",
    });
  });

  it("replaces references to earlier variables", () => {
    const list = [
      { name: "A", value: "1" },
      { name: "B", value: "$(A)-$(LATER)-$$(A)-$(FILE)" },
      { name: "LATER", value: "2" },
    ];
    expect(envRecord(list, { FILE: "f" })).toEqual({ A: "1", B: "1-$(LATER)-$(A)-f", LATER: "2" });
  });
});
