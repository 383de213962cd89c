import { posix } from "node:path";
import { globToRegExp } from "../tree/glob.ts";
import type { TreeFilter } from "../tree/pack-tree.ts";

/**
 * The filter that a `.dockerignore` means: Go globs with `**`, anchored at the context's root, `#` comments, `!` takes
 * back in; the last rule that fits a path or one of its parents decides.
 */
export const dockerIgnoreFilter = (text: string | undefined): TreeFilter => {
  const rules = (text ?? "").split("\n").flatMap((raw) => {
    const line = raw.trim();
    if (line === "" || raw.startsWith("#")) return [];
    const keep = line.startsWith("!");
    const path = posix.normalize((keep ? line.slice(1) : line).trim()).replace(/^\/+|\/+$/g, "");
    const pattern = path === "." || path === "" ? undefined : globToRegExp(path, { doubleStar: true });
    return pattern === undefined ? [] : [{ keep, pattern }];
  });
  const mayComeBack = rules.some(({ keep }) => keep);
  return (path, isFolder) => {
    const parents = path.split("/").map((_, i, parts) => parts.slice(0, i + 1).join("/"));
    const last = rules.findLast(({ pattern }) => parents.some((parent) => pattern.test(parent)));
    if (last === undefined || last.keep) return "keep";
    return isFolder && mayComeBack ? "skip" : "prune";
  };
};
