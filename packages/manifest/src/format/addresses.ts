/** Addresses of the network, of git repositories and of images. */
import { isIP } from "node:net";
import type { Format } from "../schema/field.ts";

/** An IPv4 or IPv6 address. */
export const ipAddress: Format<string> = (value) =>
  isIP(value) === 0 ? ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"] : [];

/** A service's own address: `None` or an IPv4 or IPv6 address. */
export const clusterIp: Format<string> = (value) =>
  value === "None" || isIP(value) !== 0 ? [] : ["must be empty, 'None', or a valid IP address"];

const GIT_SCHEMES = new Set(["http:", "https:", "ssh:", "git:", "git+ssh:", "file:"]);
const SCP_LIKE = /^([\w.-]+@)?[\w.-]+:(?!\/\/)\S+$/;
// Characters below the space, the space itself and DEL: never part of an address, often part of an attack.
const hasBlank = (value: string): boolean => [...value].some((char) => char <= " " || char === "\u007f");

/** `https://host/path`, `ssh://…`, `git://…`, `file:///…`, `user@host:path` or an absolute path. */
export const gitUri: Format<string> = (value) => {
  // `ext::sh -c …` would run a command: a double colon names a remote helper, not a host.
  const harmful = value.startsWith("-") || hasBlank(value) || /^[\w+.-]+::/.test(value);
  const isUrl = URL.canParse(value) && GIT_SCHEMES.has(new URL(value).protocol);
  return !harmful && (isUrl || value.startsWith("/") || SCP_LIKE.test(value)) ? [] : ["uri is not a valid url"];
};

/** A branch, a tag, another ref or a commit id. */
export const gitRef: Format<string> = (value) =>
  value.startsWith("-") || hasBlank(value) || /\.\.|[~^:?*[\\]|@\{|\/\/|\.lock$|[/.]$/.test(value)
    ? ["must be a branch, a tag, a ref or a commit id"]
    : [];

const DOMAIN = "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?|\\[[0-9A-Fa-f:]+\\](?::[0-9]+)?)";
const PATH = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const PULL_SPEC = new RegExp(
  `^(?:${DOMAIN}/)?${PATH}(?:/${PATH})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$`,
);

/** `registry/repository:tag` or `registry/repository@sha256:…`. */
export const pullSpec: Format<string> = (value) =>
  PULL_SPEC.test(value) ? [] : ["must be a valid image reference (e.g. 'registry.example.com/web:v1')"];

/** `<name>:<tag>` of an image stream. */
export const imageStreamTag: Format<string> = (value) =>
  /^[a-z0-9]([-a-z0-9._]*[a-z0-9])?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(value)
    ? []
    : ["ImageStreamTag object references must be in the form <name>:<tag>"];

/** `<name>@sha256:<digest>` of an image stream. */
export const imageStreamImage: Format<string> = (value) =>
  /^[a-z0-9]([-a-z0-9._]*[a-z0-9])?@[a-z0-9]+:[0-9a-f]{32,}$/.test(value)
    ? []
    : ["ImageStreamImage object references must be in the form <name>@<id>"];

/** A path inside the source: never above it. */
export const pathInSource: Format<string> = (value) =>
  value.split("/").includes("..") ? ["must not contain '..'"] : [];
