/** Labels, selectors and annotations: what their keys and values may be. */
import type { Format, Report } from "../schema/field.ts";
import { atMost, dnsSubdomain } from "./names.ts";

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** All annotations of one object together, in bytes. */
const MAX_ANNOTATIONS_BYTES = 262_144;

/** `name` or `prefix.example.com/name`: the key of a label, an annotation, a resource. */
export const qualifiedName: Format<string> = (value) => {
  const parts = value.split("/");
  if (parts.length > 2) {
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' " +
        "(e.g. 'example.com/MyName')",
    ];
  }
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? (parts[0] ?? "") : undefined;
  const problems: string[] = [];
  if (prefix === "") problems.push("prefix part must be non-empty");
  else if (prefix !== undefined) problems.push(...dnsSubdomain(prefix).map((message) => `prefix part ${message}`));
  if (name === "") problems.push("name part must be non-empty");
  else if (name.length > 63) problems.push("name part must be no more than 63 characters");
  else if (!NAME.test(name)) {
    problems.push(
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
        "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    );
  }
  return problems;
};

/** The value of a label: empty or up to 63 letters, digits and `-_.`. */
const labelValue: Format<string> = (value) => {
  if (value === "" || (value.length <= 63 && NAME.test(value))) return [];
  const tooLong = atMost(value, 63);
  return tooLong.length > 0
    ? tooLong
    : [
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
          "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
          "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ];
};

/** Every key and value of a set of labels or a selector. */
export const checkLabels = (labels: Readonly<Record<string, string>>, report: Report): void => {
  for (const [key, value] of Object.entries(labels)) {
    for (const message of qualifiedName(key)) report("", `Invalid value: ${JSON.stringify(key)}: ${message}`);
    for (const message of labelValue(value)) report("", `Invalid value: ${JSON.stringify(value)}: ${message}`);
  }
};

/** Every key of the annotations, and how much they weigh together. */
export const checkAnnotations = (annotations: Readonly<Record<string, string>>, report: Report): void => {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const message of qualifiedName(key.toLowerCase())) {
      report("", `Invalid value: ${JSON.stringify(key)}: ${message}`);
    }
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > MAX_ANNOTATIONS_BYTES) report("", `Too long: must have at most ${MAX_ANNOTATIONS_BYTES} bytes`);
};
