import { BuildFailure } from "../build/build-failure.ts";
import { maskUrls } from "../build/mask.ts";

/** What a repository's address may start with; git knows more, among them ones that run programs. */
export type GitProtocol = "https" | "http" | "ssh" | "git" | "file";

/** A repository's address that is safe to hand to git. */
export interface GitUrl {
  readonly protocol: GitProtocol;
  /** As given, but a plain path as `file://`. */
  readonly url: string;
}

const PROTOCOLS: readonly string[] = ["https", "http", "ssh", "git", "file"];
/** `git@example.com:team/app.git`; no slash before the colon, else it is a path. */
const SCP_LIKE = /^[A-Za-z0-9._~-]+@[A-Za-z0-9.-]+:(?!\/\/)[^\s]+$|^[A-Za-z0-9.-]{2,}:(?!\/\/)[^\s]+$/;
/** Spaces, control characters and what is not text at all. */
const CONTROL = /[\s\p{Cc}]/u;

/** Reads a repository's address. Refuses, as `FetchSourceFailed`, what git would take for an option or a program. */
export const parseGitUrl = (uri: string): GitUrl => {
  const refuse = (why: string) =>
    new BuildFailure("FetchSourceFailed", `The repository address "${maskUrls(uri)}" ${why}.`);
  if (uri === "")
    throw new BuildFailure("FetchSourceFailed", "The build has no repository address: set spec.source.git.uri.");
  if (uri.startsWith("-")) throw refuse("starts with a dash, which git would take for an option");
  if (CONTROL.test(uri)) throw refuse("holds a space or a control character");
  if (uri.startsWith("/")) return { protocol: "file", url: `file://${uri}` };
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(uri)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (!PROTOCOLS.includes(scheme))
      throw refuse(`begins with ${scheme}://, but only ${PROTOCOLS.join(", ")} are supported`);
    const afterScheme = uri.slice(scheme.length + 3);
    const host = afterScheme.slice(afterScheme.lastIndexOf("@", afterScheme.indexOf("/")) + 1);
    if (host.startsWith("-") || afterScheme.startsWith("-")) throw refuse("has a host that starts with a dash");
    if (scheme !== "file" && (afterScheme === "" || afterScheme.startsWith("/"))) throw refuse("names no host");
    return { protocol: scheme as GitProtocol, url: uri };
  }
  if (uri.includes("::")) throw refuse("names a transport helper, which is not supported");
  if (SCP_LIKE.test(uri)) return { protocol: "ssh", url: uri };
  throw refuse("is neither a URL (https://…, ssh://…, git://…, file://…) nor of the form user@host:path");
};

/** Checks a branch, tag, ref or commit id that git will see as an argument. */
export const checkGitRef = (ref: string): string => {
  const bad = ref.startsWith("-") || CONTROL.test(ref) || /[~^:?*[\\]|\.\.|@\{|\/\/|\.lock$|\/$/.test(ref);
  if (bad) throw new BuildFailure("FetchSourceFailed", `"${ref}" is not a valid branch, tag, ref or commit id.`);
  return ref;
};
