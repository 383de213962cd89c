import type { GitSourceRevisionJson } from "@slipway/proto";
import { runCommand } from "./run-command.ts";

/** Longer messages are cut: they become labels and stand in an event. */
const LONGEST_MESSAGE = 1_024;

/** Which commit a checked-out tree is. */
export const readRevision = async (
  folder: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<GitSourceRevisionJson> => {
  const format = "--format=%H%x00%an <%ae>%x00%cI%x00%B";
  const { stdout } = await runCommand("git", ["log", "-1", "--no-show-signature", format], {
    cwd: folder,
    env,
    signal,
  });
  const [commit = "", author = "", date = "", ...message] = stdout.split("\0");
  const at = new Date(date);
  return {
    commit,
    author,
    ...(Number.isNaN(at.getTime()) ? {} : { date: at.toISOString() }),
    message: message.join("").trim().slice(0, LONGEST_MESSAGE),
  };
};

/** The lines by which a log introduces the commit. */
export const revisionLines = (revision: GitSourceRevisionJson): string[] => [
  `\tCommit:\t${revision.commit} (${(revision.message ?? "").split("\n")[0]})`,
  `\tAuthor:\t${revision.author}`,
  `\tDate:\t${revision.date ?? "unknown"}`,
];
