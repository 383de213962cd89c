import type { Tags } from "yaml";

type TagObject = Exclude<Tags[number], string>;

/** `yaml` would also take `.` and `e5` for floats, which are paths and commit ids. */
const PLAIN_FLOAT = /^[-+]?(?:\.[0-9_]+|[0-9][0-9_]*\.[0-9_]*)$/;
const EXPONENT = /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)[eE][-+]?[0-9]+$/;

const NOT_IN_GO = /:(?:binary|omap|pairs|set|timestamp)$/;

const adapt = (tag: TagObject): TagObject => {
  if (tag.tag !== "tag:yaml.org,2002:float" || !("test" in tag)) return tag;
  if (tag.format === "EXP") return { ...tag, test: EXPONENT } as TagObject;
  return tag.test?.test("1.5") ? ({ ...tag, test: PLAIN_FLOAT } as TagObject) : tag;
};

/**
 * YAML as Kubernetes reads it: version 1.1 (`yes` and `on` are booleans, `0644` is octal, `<<` merges) without the
 * types that Go's library leaves as text: times, sexagesimals (`22:22`), binary and sets.
 */
export const kubernetesTags = (tags: Tags): Tags =>
  tags
    .filter((tag) => typeof tag === "string" || !("format" in tag && tag.format === "TIME"))
    .filter((tag) => typeof tag === "string" || !NOT_IN_GO.test(tag.tag))
    .map((tag) => (typeof tag === "string" ? tag : adapt(tag)));
