import { isSlipwayError } from "@slipway/kernel";
import fc from "fast-check";
import type { KindObject } from "./kind-object.ts";
import { parseManifests } from "./parse-manifests.ts";
import { readFile } from "./read-file.ts";
import type { ValidationMode } from "./shape.ts";
import { applyDefaults, validateObject } from "./validate-object.ts";
import { toJson, toYaml } from "./write.ts";

const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,10}[a-z0-9])?$/);
const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "yes",
    "on",
    "null",
    "~",
    "0644",
    "1e3",
    ".",
    "12:30",
    "2020-01-01",
    "- a",
    "a: b",
    "#",
    "|",
    "\u0085",
    "'",
  ),
);
const labels = fc.dictionary(name, name, { minKeys: 1, maxKeys: 3 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const container = fc.record(
  {
    name,
    image: fc.constantFrom("nginx", "web:v1", "registry:5000/a/b@sha256:00", "a:latest"),
    command: fc.array(anyText, { maxLength: 3 }),
    env: fc.array(fc.record({ name: fc.constantFrom("A", "B_1"), value: anyText }), { maxLength: 3 }),
    ports: fc.uniqueArray(fc.record({ containerPort: fc.integer({ min: 1, max: 65_535 }) }), { maxLength: 2 }),
    resources: fc.record({ limits: fc.record({ cpu: fc.constantFrom("1", 2, "100m"), memory: fc.constant("64Mi") }) }),
    tty: fc.boolean(),
  },
  { requiredKeys: ["name", "image"] },
);
const podSpec = fc.record(
  {
    containers: fc.uniqueArray(container, { minLength: 1, maxLength: 3, selector: (one) => one.name }),
    terminationGracePeriodSeconds: fc.nat(1000),
    nodeSelector: labels,
  },
  { requiredKeys: ["containers"] },
);
const metadata = fc.record({ name, labels, annotations: fc.dictionary(name, anyText) }, { requiredKeys: ["name"] });

const manifest = fc.oneof(
  fc.record({ apiVersion: fc.constant("v1"), kind: fc.constant("Pod"), metadata, spec: podSpec }),
  fc.record({
    apiVersion: fc.constant("v1"),
    kind: fc.constant("ReplicationController"),
    metadata,
    spec: fc.record(
      { replicas: fc.nat(100), template: fc.record({ metadata: fc.record({ labels }), spec: podSpec }) },
      { requiredKeys: ["template"] },
    ),
  }),
  fc.record({
    apiVersion: fc.constant("v1"),
    kind: fc.constant("Service"),
    metadata,
    spec: fc.record({
      selector: optional(labels),
      ports: fc.tuple(fc.record({ port: fc.integer({ min: 1, max: 65_535 }) })),
    }),
  }),
  fc.record({
    apiVersion: fc.constant("route.openshift.io/v1"),
    kind: fc.constant("Route"),
    metadata,
    spec: fc.record({ to: fc.record({ name }), host: optional(name) }),
  }),
);

const read = (content: string): readonly KindObject[] =>
  parseManifests([{ name: "f", content }], { validation: "strict", project: "demo" }).objects.map(
    ({ object }) => object,
  );

describe("manifests", () => {
  it("say the same after they were read and written, in YAML and in JSON", () => {
    fc.assert(
      fc.property(manifest, (object) => {
        const once = read(toJson(object));
        expect(read(toYaml(once))).toEqual(once);
        expect(read(toJson(once))).toEqual(once);
        expect(toYaml(read(toYaml(once)))).toBe(toYaml(once));
      }),
      { numRuns: 200 },
    );
  });

  it("get their defaults once: a second time changes nothing", () => {
    fc.assert(
      fc.property(manifest, (object) => {
        const { object: first, problems } = validateObject(object, { validation: "strict", project: "demo" });
        expect(problems).toEqual([]);
        expect(applyDefaults(first)).toEqual(first);
        expect(validateObject(first, { validation: "strict", project: "other" }).object).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });

  it("are not changed by being read", () => {
    fc.assert(
      fc.property(manifest, (object) => {
        const before = structuredClone(object);
        validateObject(object, { validation: "warn", project: "demo" });
        expect(object).toEqual(before);
      }),
    );
  });

  it("of any content are taken or refused, and nothing else happens", () => {
    const mode = fc.constantFrom<ValidationMode>("warn", "strict", "ignore");
    const kind = fc.constantFrom(
      "Pod",
      "Service",
      "ReplicationController",
      "Route",
      "ImageStream",
      "BuildConfig",
      "List",
    );
    const wild = fc.record({ apiVersion: fc.constant("v1"), kind, metadata: fc.anything(), spec: fc.anything() });
    const nested = fc.record({
      apiVersion: fc.constant("v1"),
      kind,
      metadata: fc.record({ name, labels: fc.anything() }),
      spec: fc.record({
        containers: fc.array(fc.anything()),
        template: fc.record({
          metadata: fc.anything(),
          spec: fc.record({ containers: fc.anything(), volumes: fc.anything() }),
        }),
        ports: fc.array(fc.anything()),
        to: fc.anything(),
        tags: fc.array(fc.anything()),
        source: fc.anything(),
        strategy: fc.record({ sourceStrategy: fc.anything(), type: fc.anything() }),
      }),
    });
    fc.assert(
      fc.property(fc.oneof(wild, nested, fc.anything()), mode, (object, validation) => {
        const { problems } = validateObject(object, { validation });
        for (const { message } of problems) expect(message).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });

  it("of any text are read or refused with a line", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "a: ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "'",
        '"',
        "\n",
        "\n  ",
        "\t",
        "---\n",
        "&a ",
        "*a",
        "!!set ",
        "? ",
        "|\n",
        "<<: ",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        for (const { line, column } of readFile(text).failures) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
        }
        try {
          read(text);
        } catch (error) {
          expect(isSlipwayError(error)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
