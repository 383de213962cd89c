import { isSlipwayError, seededRandom } from "@slipway/kernel";
import { type MalformedManifest, mutateManifest } from "@slipway/testkit";
import { realManifests } from "./corpus.ts";
import { parseManifests } from "./parse-manifests.ts";
import { readFile } from "./read-file.ts";
import { isPlain } from "./shape.ts";
import { unfold } from "./unfold.ts";

const KINDS = ["Pod", "Service", "ReplicationController", "Route", "ImageStream", "BuildConfig", "Project"];

const taken = (object: unknown): boolean => {
  try {
    parseManifests([{ name: "f", content: JSON.stringify(object) }], { validation: "warn" });
    return true;
  } catch {
    return false;
  }
};

/** Every object of the real manifests that is taken as it is, and one of each kind for a machine that has none. */
const valid = (): readonly Readonly<Record<string, unknown>>[] => {
  const own = [
    { apiVersion: "v1", kind: "Project", metadata: { name: "web" } },
    { apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, spec: { containers: [{ name: "a", image: "b" }] } },
    { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { ports: [{ port: 80 }] } },
    { apiVersion: "v1", kind: "Route", metadata: { name: "web" }, spec: { to: { name: "web" } } },
  ];
  const real = realManifests()
    .flatMap(({ content }) => readFile(content).documents)
    .flatMap(({ value }) => [...unfold(value)])
    .map(({ object }) => object)
    .filter(isPlain)
    .filter((object) => KINDS.includes(String(object.kind)) && taken(object));
  return [...own, ...real];
};

/** The problems of a malformed manifest; `undefined` when it was taken. */
const problemsOf = ({ content }: MalformedManifest): readonly string[] | undefined => {
  try {
    parseManifests([{ name: "web.json", content }], { validation: "warn" });
    return undefined;
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    return error.problems.map(({ path }) => path);
  }
};

describe("malformed manifests", () => {
  it("are each refused with a field path or a line, a thousand of them", () => {
    const objects = valid();
    const random = seededRandom(7);
    const seen = new Map<string, number>();
    for (let round = 0; round < 1000; round++) {
      const manifest = objects[Math.floor(random() * objects.length)] as Readonly<Record<string, unknown>>;
      const malformed = mutateManifest(manifest, random);
      seen.set(malformed.what, (seen.get(malformed.what) ?? 0) + 1);
      const paths = problemsOf(malformed);
      const place = /^web\.json:(\d+:\d+$| (\S+\/\S+|\S+ at line \d+): \S+)/;
      if (!paths?.length || !paths.every((path) => place.test(path))) {
        throw new Error(`${malformed.what} gave ${JSON.stringify(paths)} for\n${malformed.content}`);
      }
    }
    expect(seen.size).toBeGreaterThan(objects.length > 4 ? 60 : 20);
  });
});
