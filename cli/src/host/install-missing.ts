import { existsSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { SlipwayError } from "@slipway/kernel";
import { checkHost, findProgram, type HostCheck } from "./check-host.ts";
import { runCommand } from "./run-command.ts";

/** Debian asks this script before a package starts its daemon; 101 means no. */
const POLICY = "/usr/sbin/policy-rc.d";

const POLICY_SCRIPT =
  "#!/bin/sh\n# Written by Slipway while it installs packages; it starts its own daemons.\nexit 101\n";

const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** Runs apt; a seam for tests. */
export type Apt = (args: readonly string[], log: (line: string) => void) => Promise<void>;

export interface InstallOptions {
  readonly log: (line: string) => void;
  readonly check?: () => Promise<HostCheck>;
  readonly apt?: Apt;
  readonly signal?: AbortSignal;
}

/**
 * Installs what is missing where that can be done, and answers the packages that it installed. Elsewhere the error
 * (`MissingProgram` or `NotRoot`) says exactly what to install. No daemon of a package is started.
 */
export const installMissing = async (options: InstallOptions): Promise<readonly string[]> => {
  const { log, check = checkHost, signal } = options;
  const apt = options.apt ?? runApt(signal);
  const host = await check();
  if (host.missing.length === 0) return [];
  const packages = [...new Set(host.missing.map((each) => each.debianPackage))];
  if (!host.debian) throw installYourself(host);
  if (!host.root) throw becomeRoot(host, packages);
  log(`Installing ${packages.join(", ")} …`);
  const install = ["install", "--yes", "--no-install-recommends", ...packages];
  await withDaemonsAsleep(async () => {
    try {
      await apt(install, log);
    } catch {
      // The lists are absent on a fresh machine and stale on an old one; either way they are fetched once.
      await apt(["update"], log);
      await apt(install, log);
    }
  });
  await disableUnits(host.missing.flatMap((each) => each.unit ?? []));
  const after = await check();
  if (after.missing.length > 0) throw installYourself(after);
  return packages;
};

const runApt =
  (signal: AbortSignal | undefined): Apt =>
  async (args, log) => {
    await runCommand("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0", ...args], {
      env: { DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_SUSPEND: "1", LC_ALL: "C.UTF-8" },
      onLine: (line) => /^(?:Get:|Unpacking|Setting up|E:|W:)/.test(line) && log(line),
      timeoutMs: INSTALL_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
  };

const withDaemonsAsleep = async (run: () => Promise<void>): Promise<void> => {
  // A policy of the host's own stays; it is the administrator's word.
  if (existsSync(POLICY) || process.getuid?.() !== 0) return run();
  await writeFile(POLICY, POLICY_SCRIPT);
  await chmod(POLICY, 0o755);
  try {
    await run();
  } finally {
    await rm(POLICY, { force: true });
  }
};

/** At the next boot these would take the ports that our own ones of them use. */
const disableUnits = async (units: readonly string[]): Promise<void> => {
  if (units.length === 0 || process.getuid?.() !== 0 || findProgram("systemctl") === undefined) return;
  await runCommand("systemctl", ["disable", ...units]).catch(() => {});
};

const installYourself = ({ missing, name }: HostCheck): SlipwayError =>
  new SlipwayError(
    "MissingProgram",
    `Slipway needs programs that ${name} does not have: ${missing.map((each) => `${each.program} (${each.why})`).join("; ")}. Install them and try again; Debian calls the packages ${missing.map((each) => each.debianPackage).join(" ")}.`,
    { fields: { missing: missing.map((each) => each.program) } },
  );

const becomeRoot = ({ missing }: HostCheck, packages: readonly string[]): SlipwayError =>
  new SlipwayError(
    "NotRoot",
    `Slipway needs ${missing.map((each) => each.program).join(", ")}, and only root can install them: run "sudo apt-get install --no-install-recommends ${packages.join(" ")}", or start Slipway as root.`,
    { fields: { missing: missing.map((each) => each.program) } },
  );
