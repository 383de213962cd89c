import { SlipwayError } from "@slipway/kernel";

type Labels = Readonly<Record<string, string>>;

/** True for the labels that a selector chooses. */
export type LabelPredicate = (labels: Labels | undefined) => boolean;

/** True when the labels hold every pair of the selector. An empty selector chooses everything. */
export const matchesSelector = (labels: Labels, selector: Labels): boolean => {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
};

const KEY = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:/[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?";
const VALUE = "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?";
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);
const EQUALS = new RegExp(`^(${KEY})\\s*(==?|!=)\\s*(${VALUE})$`);
const AMONG = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const ONE_VALUE = new RegExp(`^${VALUE}$`);

/**
 * Reads a selector as users type it: `a=b,c!=d,e in (x,y),f notin (z),g,!h`; every part must hold, and no text chooses
 * everything. As in Kubernetes, `!=` and `notin` also choose objects that lack the label. Throws `Invalid`.
 */
export const parseLabelSelector = (text: string): LabelPredicate => {
  const requirements = splitRequirements(text).map((part) => requirement(part, text));
  return (labels = {}) => requirements.every((holds) => holds(labels));
};

type Requirement = (labels: Labels) => boolean;

const requirement = (part: string, whole: string): Requirement => {
  const equals = EQUALS.exec(part);
  if (equals !== null) {
    const [, key = "", operator, value = ""] = equals;
    return operator === "!=" ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const among = AMONG.exec(part);
  if (among !== null) {
    const [, key = "", operator, list = ""] = among;
    const values = new Set(list.split(",").map((value) => value.trim()));
    for (const value of values) if (!ONE_VALUE.test(value)) throw unreadable(part, whole);
    return operator === "in"
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key]);
  }
  const exists = EXISTS.exec(part);
  if (exists === null) throw unreadable(part, whole);
  const [, not, key = ""] = exists;
  return not === "!" ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
};

/** The parts between the commas that stand outside of parentheses. */
const splitRequirements = (text: string): string[] => {
  if (text.trim() === "") return [];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (char === "(") depth++;
    else if (char === ")") depth--;
    else if (i === text.length || (char === "," && depth === 0)) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
};

const unreadable = (part: string, whole: string): SlipwayError =>
  new SlipwayError(
    "Invalid",
    `The label selector ${JSON.stringify(whole)} cannot be read at ${JSON.stringify(part)}: write it like "a=b,c!=d,e in (x,y),!f".`,
    { problems: [{ path: "labelSelector", message: `Invalid value: ${JSON.stringify(whole)}` }] },
  );
