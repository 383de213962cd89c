import { existsSync } from "node:fs";
import { runCommand } from "../run-command.ts";

/** How this host gets Debian packages, for whoever gets them in its name. */
export interface AptSettings {
  /** `deb <uri> <suite> <component>…` lines of the release asked for; empty when the host has none of it. */
  readonly sources: readonly string[];
  /** `Acquire::http::Proxy "…";` and the like. */
  readonly options: readonly string[];
}

/** What of apt's settings is about reaching the archive, and not about this host's own files. */
const ABOUT_REACHING =
  /^Acquire::(?:https?|ftp)::|^Acquire::(?:Retries|Check-Valid-Until|Check-Date|ForceIPv[46]|Max-ValidTime|Min-ValidTime) /;

/** A command of the host, which nobody else could run. */
const HOST_ONLY = /Auto-?Detect|SslCert |SslKey |User-Agent|::Methods/i;

export const readAptSettings = async (suite: string): Promise<AptSettings> => {
  if (!existsSync("/usr/bin/apt-config")) return { sources: [], options: [] };
  const [targets, dump] = await Promise.all([
    runCommand("apt-get", ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]),
    runCommand("apt-config", ["dump"]),
  ]);
  return { sources: sourcesOf(targets, suite), options: optionsOf(dump) };
};

/** Lines of `uri suite component`, as one line a uri and suite; only the release's own suites over http(s). */
export const sourcesOf = (targets: string, suite: string): string[] => {
  const components = new Map<string, Set<string>>();
  for (const line of targets.split("\n")) {
    const [uri = "", release = "", component = ""] = line.trim().split(" ");
    if (!/^https?:/.test(uri) || !new RegExp(`^${suite}(?:-updates|-security|/updates)?$`).test(release)) continue;
    if (!["main", "contrib", "non-free", "non-free-firmware"].includes(component)) continue;
    const key = `deb ${uri} ${release}`;
    components.set(key, (components.get(key) ?? new Set()).add(component));
  }
  // Without the release itself the rest is a stranger's repository that happens to name its suites alike.
  if (![...components.keys()].some((key) => key.endsWith(` ${suite}`))) return [];
  return [...components].map(([key, names]) => [key, ...names].join(" "));
};

export const optionsOf = (dump: string): string[] =>
  dump.split("\n").filter((line) => ABOUT_REACHING.test(line) && !HOST_ONLY.test(line) && !/ "";$/.test(line));
