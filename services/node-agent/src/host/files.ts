import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes the file whole or not at all: a reader, or an agent that starts after a crash, never sees half of it. */
export const replaceFile = async (path: string, text: string, mode = 0o600): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.new`;
  await writeFile(fresh, text, { mode });
  await rename(fresh, path);
};

/**
 * Writes into the file that is there, so that containers which have it mounted see the change; does nothing when it
 * says so already.
 */
export const updateMountedFile = async (path: string, text: string): Promise<void> => {
  if ((await readIfThere(path)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o644 });
};

export const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

export const removeTree = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });

export const isMissing = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  (error.code === "ENOENT" || error.code === "ENOTDIR");
