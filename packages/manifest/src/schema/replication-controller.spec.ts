import type { ReplicationControllerJson } from "@slipway/proto";
import { parseOne, problemsOf } from "../problems-of.ts";

const controller = (spec: string, metadata = "{name: web}"): string =>
  `apiVersion: v1\nkind: ReplicationController\nmetadata: ${metadata}\nspec: ${spec}\n`;
const TEMPLATE = "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}";
const read = (content: string): ReplicationControllerJson =>
  parseOne(content).objects[0]?.object as ReplicationControllerJson;

describe("ReplicationController", () => {
  it("takes selector and labels from its template", () => {
    const object = read(controller(`{${TEMPLATE}}`));
    expect(object.spec?.selector).toEqual({ app: "web" });
    expect(object.metadata?.labels).toEqual({ app: "web" });
    expect(object.spec?.template?.spec?.restartPolicy).toBe("Always");
    expect(
      read(controller(`{selector: {app: web}, ${TEMPLATE}}`, "{name: web, labels: {own: label}}")).metadata?.labels,
    ).toEqual({
      own: "label",
    });
  });

  it("leaves replicas absent when the manifest is silent, and keeps a zero", () => {
    expect(read(controller(`{${TEMPLATE}}`)).spec).not.toHaveProperty("replicas");
    expect(read(controller(`{replicas: 0, ${TEMPLATE}}`)).spec?.replicas).toBe(0);
  });

  it.each([
    ["{}", ["spec.template: Required value", "spec.selector: Required value"]],
    ["{selector: {app: web}}", ["spec.template: Required value"]],
    [`{replicas: -1, ${TEMPLATE}}`, ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"]],
    [`{replicas: "3", ${TEMPLATE}}`, ['spec.replicas: expected integer, got string "3"']],
    [
      `{selector: {app: db}, ${TEMPLATE}}`,
      ['spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'],
    ],
    ["{template: {spec: {containers: [{name: web, image: nginx}]}}}", ["spec.selector: Required value"]],
    [
      "{template: {metadata: {labels: {app: web}}, spec: {restartPolicy: Never, containers: [{name: web, image: nginx}]}}}",
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      "{template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}",
      ["spec.template.spec.containers[0].image: Required value"],
    ],
  ])("refuses %s", (spec, expected) => {
    expect(problemsOf(controller(spec))).toEqual(expected);
  });
});
