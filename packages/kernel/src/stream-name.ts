/** `<kind>/<project>/<name>`; a cluster-scoped object has the project `_`. */
export type StreamName = `${string}/${string}/${string}`;

/** Joins the parts of a stream's name; the parts themselves never hold a slash (names are DNS labels or subdomains). */
export const streamName = (kind: string, project: string | undefined, name: string): StreamName =>
  `${kind}/${project || "_"}/${name}`;

/** Splits a stream's name; `undefined` when it does not have three parts. `project` is `""` for a cluster-scoped object. */
export const parseStream = (stream: string): { kind: string; project: string; name: string } | undefined => {
  const first = stream.indexOf("/");
  const second = stream.indexOf("/", first + 1);
  if (first <= 0 || second < 0 || second === stream.length - 1) return undefined;
  const project = stream.slice(first + 1, second);
  return { kind: stream.slice(0, first), project: project === "_" ? "" : project, name: stream.slice(second + 1) };
};
