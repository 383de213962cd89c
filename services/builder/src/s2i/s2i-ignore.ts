import { globToRegExp } from "../tree/glob.ts";
import type { TreeFilter } from "../tree/pack-tree.ts";

/** The repository's own history is never uploaded. */
const GIT = /(^|\/)\.git(\/|$)/;

/**
 * The filter that a `.s2iignore` at the root of the source means: one Go glob a line that names whole paths, `#`
 * comments, `!` takes a path back in. What is left out goes with everything below it, so nothing below can be taken back.
 */
export const s2iIgnoreFilter = (text: string | undefined): TreeFilter => {
  const rules = (text ?? "").split("\n").flatMap((raw) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return [];
    const keep = line.startsWith("!");
    const pattern = globToRegExp((keep ? line.slice(1) : line).replace(/^\.?\/+/, "").replace(/\/+$/, ""));
    return pattern === undefined ? [] : [{ keep, pattern }];
  });
  return (path) => {
    if (GIT.test(path)) return "prune";
    const last = rules.findLast(({ pattern }) => pattern.test(path));
    return last === undefined || last.keep ? "keep" : "prune";
  };
};
