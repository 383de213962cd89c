import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A git repository in a folder; `commit` replaces all of its files. */
export interface TestRepository {
  readonly url: string;
  /** Answers the commit's id. */
  commit(files: Readonly<Record<string, string>>): string;
}

export const testRepository = (folder: string): TestRepository => {
  mkdirSync(folder, { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=Jo", "-c", "user.email=jo@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  git("init", "-q", "-b", "main");
  let files: string[] = [];
  return {
    url: `file://${folder}`,
    commit: (next) => {
      for (const path of files) rmSync(join(folder, path), { force: true });
      files = Object.keys(next);
      for (const [path, text] of Object.entries(next)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
        if (text.startsWith("#!")) chmodSync(join(folder, path), 0o755);
      }
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", "Change the application");
      return git("rev-parse", "HEAD");
    },
  };
};
