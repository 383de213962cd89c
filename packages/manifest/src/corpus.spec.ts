import { isSlipwayError } from "@slipway/kernel";
import { type RealManifest, realManifests, roundTripObject } from "./corpus.ts";
import { type ManifestResult, parseManifests } from "./parse-manifests.ts";
import { MANIFEST_KINDS } from "./schema/registry.ts";
import { validateObject } from "./validate-object.ts";
import { toJson, toYaml } from "./write.ts";

const corpus = realManifests();
const present = corpus.length > 0;

interface Verdict {
  readonly code: string;
  readonly paths: readonly string[];
  readonly result?: ManifestResult;
}

const judge = ({ name, content }: RealManifest): Verdict => {
  try {
    return {
      code: "ok",
      paths: [],
      result: parseManifests([{ name, content }], { validation: "warn", project: "demo" }),
    };
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    return { code: error.code, paths: error.problems.map((problem) => problem.path) };
  }
};

const verdicts = corpus.map((manifest) => ({ manifest, verdict: judge(manifest) }));

const BUILT = new Set<string>([...MANIFEST_KINDS, "Namespace", "List", "PodList", "ServiceList", "ImageStreamList"]);
const inScope = verdicts.filter(
  ({ manifest }) =>
    manifest.class !== undefined &&
    manifest.class !== "R3" &&
    manifest.kinds.length > 0 &&
    manifest.kinds.every((kind) => BUILT.has(kind)),
);

/** What the collector's tags say of fields that are not built yet, independent of our schemas. */
const NOT_BUILT = new RegExp(
  `^(${[
    "vol:(?!emptyDir)",
    "env:(secretKeyRef|configMapKeyRef|envFrom|resourceFieldRef)",
    "lifecycle:",
    "pod:(hostNetwork|hostPID|hostIPC|initContainers|tolerations|affinity|activeDeadlineSeconds|imagePullSecrets)",
    "pod:(serviceAccountName|serviceAccount|shareProcessNamespace|subdomain|topologySpreadConstraints)",
    "svc:(type=(NodePort|LoadBalancer|ExternalName)|externalIPs)",
    "bc:(trigger=|postCommit|strategy=(Custom|Jenkins)|source-(images|secrets|configMaps|binary|sourceSecret))",
    "bc:(pullSecret|pushSecret|nodeSelector|revision|successfulBuilds|failedBuilds|imageOptimizationPolicy|jenkinsfile)",
    "is:(dockerImageRepository|scheduled)",
    "ctr:hostPort",
    "route:(edge|passthrough|reencrypt|alternateBackends)",
    "meta:finalizers",
  ].join("|")})`,
);

/** What the tags do not tell: the verdict, and the field that decides it. */
const UNTAGGED: readonly (readonly [pattern: RegExp, code: string, why: RegExp])[] = [
  [/image-?stream/i, "NotSupportedYet", /spec\.tags\[\d+\]\.referencePolicy\.type$/],
  [/deployment-image-resolution-is/, "NotSupportedYet", /referencePolicy\.type$/],
  [/extended-resource-pod/, "NotSupportedYet", /limits\[example\.com\/dongle\]$/],
  [/pods\/security\//, "NotSupportedYet", /securityContext\.(allowPrivilegeEscalation|seccompProfile|fsGroup)/],
  [/build-timing|test-env-build/, "NotSupportedYet", /spec\.source\.(type|binary)$/],
  [/valuefrom\/.*-value-from-config/, "NotSupportedYet", /Strategy\.env\[\d\]\.valueFrom$/],
  [/bc-scripts-|statusfail-runtimeartifacts/, "NotSupportedYet", /sourceStrategy\.runtime(Image|Artifacts)$/],
  [/openshift3\/v1_service\.json/, "NotSupportedYet", /spec\.ports\[\d\]\.nodePort$/],
  [/pod-config\.yaml/, "Invalid", /metadata\.annotations$/],
  [/statusfail-failedassemble|test-symlink-build/, "Invalid", /spec\.source\.type$/],
  [/test-imagechangetriggers/, "Invalid", /spec\.strategy\.type$/],
  [/test-nosrc-build/, "Invalid", /spec\.source$/],
  [/forcepull-setup/, "Invalid", /sourceStrategy\.from$/],
  [/ldapserver-imagestream\.json/, "Invalid", /spec\.tags\[0\]\.name$/],
  [/origin-v1\.0\/examples\/image-streams/, "Invalid", /spec\.tags\[\d\]\.from\.kind$/],
];

describe("real manifests", () => {
  it("are all read or refused with a path in every problem, and never with anything else", () => {
    const pathless = verdicts.flatMap(({ manifest, verdict }) => {
      const led = verdict.paths.every(
        (path) => path.startsWith(`${manifest.name}:`) && path.length > manifest.name.length + 1,
      );
      return verdict.code === "ok" || (verdict.paths.length > 0 && led) ? [] : [manifest.name];
    });
    expect(pathless).toEqual([]);
    if (present) expect(verdicts.length).toBeGreaterThan(800);
  });

  it("get the verdict that their notes call for", () => {
    const surprises = inScope.flatMap(({ manifest, verdict }) => {
      const expected = manifest.tags.some((tag) => NOT_BUILT.test(tag)) ? "NotSupportedYet" : "ok";
      const known = UNTAGGED.some(
        ([pattern, code, why]) =>
          pattern.test(manifest.name) && code === verdict.code && verdict.paths.some((path) => why.test(path)),
      );
      return verdict.code === expected || known ? [] : [`${manifest.name}: ${verdict.code}, not ${expected}`];
    });
    expect(surprises).toEqual([]);
  });

  it("run as they are in their great majority", () => {
    const count = (code: string): number => inScope.filter(({ verdict }) => verdict.code === code).length;
    if (!present) return;
    expect({
      files: inScope.length,
      ok: count("ok"),
      later: count("NotSupportedYet"),
      invalid: count("Invalid"),
    }).toEqual({
      files: 373,
      ok: 207,
      later: 156,
      invalid: 10,
    });
  });

  it("read the same again after they were written", () => {
    for (const { manifest, verdict } of verdicts) {
      const objects = (verdict.result?.objects ?? []).map(({ object }) => object);
      for (const text of [toYaml(objects), toJson(objects)]) {
        const again = parseManifests([{ name: manifest.name, content: text }], { validation: "strict" });
        expect(again.objects.map(({ object }) => object)).toEqual(objects);
      }
    }
  });

  it("tell an unknown field as a warning, refuse it when strict and say nothing when it is to be ignored", () => {
    const warned = verdicts.filter(({ verdict }) => (verdict.result?.warnings.length ?? 0) > 0);
    for (const { manifest } of warned) {
      const file = [{ name: manifest.name, content: manifest.content }];
      expect(() => parseManifests(file, { validation: "strict" })).toThrow(
        expect.objectContaining({ code: "UnknownField" }),
      );
      expect(parseManifests(file, { validation: "ignore" }).warnings).toEqual([]);
    }
    if (present) expect(warned.length).toBeGreaterThanOrEqual(10);
  });
});

describe("objects with every field filled in", () => {
  // Each value is a text like "nameValue", so enumerations and names are wrong on purpose; no field may be unknown.
  it.each(["core.v1.Pod", "core.v1.Service", "core.v1.Namespace"])("hold no field of %s that is not known", (name) => {
    const object = roundTripObject(name);
    if (object === undefined) {
      console.warn(`${name} is absent: nothing was compared.`);
      return;
    }
    const { warnings } = validateObject(object, { validation: "warn" });
    expect(warnings).toEqual([]);
  });
});
