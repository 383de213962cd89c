import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, sep } from "node:path";

/** What stood at a path of the source tree. */
export type Located =
  | { readonly type: "file" | "folder"; readonly path: string }
  | { readonly type: "missing" }
  /** It leads out of the tree, by `..` or by a symbolic link. */
  | { readonly type: "outside" };

/**
 * Follows `path` within `root`, symbolic links included, and refuses to leave it: a repository must not be able to show
 * the builder's own files. An absolute path counts from the root.
 */
export const locateInside = async (root: string, path: string): Promise<Located> => {
  const wanted = normalize(isAbsolute(path) ? `.${path}` : path);
  if (wanted === ".." || wanted.startsWith(`..${sep}`)) return { type: "outside" };
  const realRoot = await realpath(root);
  const real = await realpath(join(realRoot, wanted)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "ELOOP") return undefined;
    throw error;
  });
  if (real === undefined) return { type: "missing" };
  const inside = relative(realRoot, real);
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return { type: "outside" };
  const info = await stat(real);
  if (info.isDirectory()) return { type: "folder", path: real };
  return info.isFile() ? { type: "file", path: real } : { type: "missing" };
};

/** The text of a file within `root`; `undefined` when there is none, it is no plain file, or it leads outside. */
export const readInside = async (root: string, path: string): Promise<string | undefined> => {
  const found = await locateInside(root, path);
  return found.type === "file" ? readFile(found.path, "utf8") : undefined;
};
