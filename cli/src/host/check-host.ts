import { accessSync, constants, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { REQUIREMENTS, type Requirement } from "./requirements.ts";

export interface HostCheck {
  readonly root: boolean;
  /** Debian or made from it, so that apt can install what is missing. */
  readonly debian: boolean;
  /** As `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  readonly missing: readonly Requirement[];
}

export interface CheckOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Where programs are looked for; absent: PATH and the folders for administrators. */
  readonly folders?: readonly string[];
  readonly osRelease?: string;
  readonly uid?: number;
}

/** What this host has of what the platform needs. Nothing is changed. */
export const checkHost = async (options: CheckOptions = {}): Promise<HostCheck> => {
  const { env = process.env } = options;
  const folders = options.folders ?? programFolders(env);
  const release = parseOsRelease(options.osRelease ?? (await readFile("/etc/os-release", "utf8").catch(() => "")));
  const elsewhere = env.DOCKER_HOST !== undefined && env.DOCKER_HOST !== "";
  return {
    root: (options.uid ?? process.getuid?.()) === 0,
    debian: [release.ID, ...(release.ID_LIKE ?? "").split(" ")].includes("debian"),
    name: release.PRETTY_NAME ?? "this system",
    missing: REQUIREMENTS.filter(
      (each) => !(each.onlyForLocalEngine && elsewhere) && findProgram(each.program, folders) === undefined,
    ),
  };
};

/** The path of an executable, looked up as a shell would, also in folders that only root's PATH has. */
export const findProgram = (
  program: string,
  folders: readonly string[] = programFolders(process.env),
): string | undefined => folders.map((folder) => join(folder, program)).find(isExecutable);

/** Debian keeps daemons in folders that a user's PATH leaves out. */
export const programFolders = (env: NodeJS.ProcessEnv): string[] =>
  [
    ...new Set([
      ...(env.PATH ?? "").split(":"),
      "/usr/local/sbin",
      "/usr/local/bin",
      "/usr/sbin",
      "/usr/bin",
      "/sbin",
      "/bin",
    ]),
  ].filter((folder) => folder !== "");

/** `KEY=value` lines, values with or without quotes. */
export const parseOsRelease = (text: string): Readonly<Partial<Record<string, string>>> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => {
        const [key = "", ...value] = line.split("=");
        return [key, value.join("=").replace(/^(["'])(.*)\1$/, "$2")];
      }),
  );

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
};
