import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { PackSource } from "@slipway/containers";

const require = createRequire(import.meta.url);

/** Where the things are that images take from the host, and what says that they have changed. */
export interface HostFile {
  readonly pack: (target: string) => PackSource;
  /** Part of the image's source hash. */
  readonly version: () => string;
}

const npmFolder = (): string => dirname(require.resolve("npm/package.json"));

const npmVersion = (): string => (require("npm/package.json") as { version: string }).version;

export const HOST_FILES: Readonly<Record<string, HostFile>> = {
  /** Debian's busybox-static. */
  busybox: { pack: (target) => ({ source: "/bin/busybox", target }), version: () => "busybox-static" },
  /** The Node.js that runs this program. */
  node: { pack: (target) => ({ source: process.execPath, target }), version: () => process.version },
  /** The npm of this project, without what only a reader needs. */
  npm: {
    pack: (target) => ({ source: npmFolder(), target, ignore: (path) => /^(?:docs|man)(?:\/|$)/.test(path) }),
    version: npmVersion,
  },
};
