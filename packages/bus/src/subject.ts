import { parseStream, SlipwayError, type StoredEvent } from "@slipway/kernel";

/** Text that may stand in a subject as it is; everything else is escaped. */
const PLAIN = /^[A-Za-z0-9_-]+$/;

/** How the empty text is written: an escape sign that nothing follows, which `encodeURIComponent` never makes. */
const EMPTY = "%";

/** One token of a subject for any text: dots, spaces, `*`, `>` and everything else unusual become `%2E` and so on. */
export const escapeToken = (text: string): string => {
  if (PLAIN.test(text)) return text;
  if (text === "") return EMPTY;
  if (!text.isWellFormed()) {
    throw new SlipwayError("Invalid", "A name with half of a surrogate pair cannot be sent: use well-formed Unicode.");
  }
  return encodeURIComponent(text).replace(/[.*!~'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
};

/** The text that `escapeToken` was given. */
export const unescapeToken = (token: string): string => {
  if (token === EMPTY) return "";
  if (!token.includes("%")) return token;
  try {
    return decodeURIComponent(token);
  } catch (cause) {
    throw new SlipwayError("Malformed", `The subject part "${token}" was not written by Slipway.`, { cause });
  }
};

/** A subject from a fixed head and parts; `undefined` parts stand for any value (`*`). */
export const subjectOf = (head: string, parts: readonly (string | undefined)[]): string =>
  [head, ...parts.map((part) => (part === undefined ? "*" : escapeToken(part)))].join(".");

/** The parts behind `head`, unescaped; `undefined` when the subject has another head or number of parts. */
export const partsOf = (head: string, count: number, subject: string): readonly string[] | undefined => {
  if (!subject.startsWith(`${head}.`)) return undefined;
  const tokens = subject.slice(head.length + 1).split(".");
  return tokens.length === count ? tokens.map(unescapeToken) : undefined;
};

/** Whether a subject falls under a filter with `*` (one token) and a closing `>` (one or more tokens). */
export const subjectMatches = (filter: string, subject: string): boolean => {
  const wanted = filter.split(".");
  const given = subject.split(".");
  for (const [index, token] of wanted.entries()) {
    if (token === ">") return given.length > index;
    if (index >= given.length || (token !== "*" && token !== given[index])) return false;
  }
  return wanted.length === given.length;
};

const EVENT = "slipway.event";

/** `slipway.event.<project>.<kind>.<name>.<Type>`; the project of a cluster-scoped object is `_`, as in its stream. */
export const eventSubject = (event: Pick<StoredEvent, "stream" | "type">): string => {
  const stream = parseStream(event.stream);
  if (stream === undefined) {
    throw new SlipwayError("Invalid", `"${event.stream}" is not a stream: it must read <kind>/<project>/<name>.`);
  }
  return subjectOf(EVENT, [stream.project || "_", stream.kind, stream.name, event.type]);
};

/** The subjects of all events of a project, kind or type; what is left out stands for all. */
export const eventFilter = (project: string | undefined, kind: string | undefined, type: string | undefined): string =>
  project === undefined && kind === undefined && type === undefined
    ? `${EVENT}.>`
    : subjectOf(EVENT, [project === "" ? "_" : project, kind, undefined, type]);
