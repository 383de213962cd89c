import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A git repository on this host. Scripts, files that begin with `#!`, are executable. */
export interface GitRepository {
  /** `file://…` */
  readonly url: string;
  /** Writes the files given, commits them with everything that is there, and answers the commit's id. */
  commit(files: Readonly<Record<string, string>>): string;
  remove(): void;
}

export const makeGitRepository = (files: Readonly<Record<string, string>>): GitRepository => {
  const folder = mkdtempSync("/tmp/slip-git-");
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=Jo", "-c", "user.email=jo@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  git("init", "-q", "-b", "main");
  const commit: GitRepository["commit"] = (changed) => {
    for (const [path, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      if (text.startsWith("#!")) chmodSync(join(folder, path), 0o755);
    }
    git("add", "-A");
    git("commit", "-q", "-m", "Change the application");
    return git("rev-parse", "HEAD");
  };
  commit(files);
  return { url: `file://${folder}`, commit, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
