import { createReadStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerEngine } from "@slipway/containers";
import { runCommand } from "../run-command.ts";
import { readAptSettings } from "./apt-settings.ts";
import type { ImageCatalog, ImageEntry } from "./catalog.ts";
import { SOURCE_HASH_LABEL } from "./source-hash.ts";

/** What nobody reads in a container, and half of the size. */
const LEFT_OUT = [
  "/usr/share/man/*",
  "/usr/share/doc/*",
  "/usr/share/info/*",
  "/usr/share/locale/*",
  "/usr/share/lintian/*",
];

const MAKE_TIMEOUT_MS = 15 * 60_000;

export interface RootfsOptions {
  readonly engine: ContainerEngine;
  readonly catalog: ImageCatalog;
  readonly entry: ImageEntry;
  readonly hash: string;
  readonly cacheFolder: string;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Makes a Debian root file system on the host, with the host's own way to the archive, and imports it. */
export const makeRootfs = async (options: RootfsOptions): Promise<void> => {
  const { engine, entry, hash, signal } = options;
  const file = join(options.cacheFolder, `rootfs-${hash}.tar`);
  if (!existsSync(file)) await bootstrap(options, file);
  await engine.images.importRootfs(createReadStream(file), `${entry.name}:latest`, {
    changes: ['CMD ["/bin/bash"]', "ENV LANG=C.UTF-8", `LABEL ${SOURCE_HASH_LABEL}=${hash}`],
    ...(signal === undefined ? {} : { signal }),
  });
};

const bootstrap = async ({ catalog, entry, cacheFolder, log, signal }: RootfsOptions, file: string): Promise<void> => {
  await mkdir(cacheFolder, { recursive: true });
  const { sources, options } = await readAptSettings(catalog.suite);
  const partial = `${file}.${process.pid}.part`;
  const args = [
    "--variant=apt",
    "--format=tar",
    `--include=${(entry.rootfs ?? []).join(",")}`,
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    ...options.map((line) => `--aptopt=${line}`),
    // Where this host reaches the archive is not the image's business.
    '--customize-hook=rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"',
    catalog.suite,
    partial,
    ...sources,
  ];
  try {
    await runCommand("mmdebstrap", args, {
      onLine: (line) => /^[IWE]: /.test(line) && log(line.slice(3)),
      timeoutMs: MAKE_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
};
