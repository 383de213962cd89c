/** The parts of `host:port/path:tag@sha256:…`. */
export interface ImageReference {
  /** The registry's host and port; empty when the name has none (the engine's default registry, or local). */
  readonly host: string;
  readonly path: string;
  readonly tag: string;
  readonly digest: string;
}

const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/** Reads an image's reference; `undefined` when it is none. */
export const parseImageReference = (text: string): ImageReference | undefined => {
  const at = text.indexOf("@");
  const digest = at < 0 ? "" : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  const hasHost = /[.:[]/.test(first) || first === "localhost";
  const host = hasHost ? first : "";
  const rest = hasHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(":");
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? "" : rest.slice(colon + 1);
  if (!PATH.test(path) || (host !== "" && !HOST.test(host))) return undefined;
  if ((colon >= 0 && !TAG.test(tag)) || (at >= 0 && !DIGEST.test(digest))) return undefined;
  return { host, path, tag, digest };
};

/** The name without tag and digest. */
export const repositoryOf = ({ host, path }: ImageReference): string => (host === "" ? path : `${host}/${path}`);
