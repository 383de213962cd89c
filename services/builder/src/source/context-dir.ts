import { BuildFailure } from "../build/build-failure.ts";
import { locateInside } from "../tree/read-inside.ts";

/** The folder of the source that is built; `InvalidContextDirectory` when it is missing, no folder, or leads out of the source. */
export const resolveContextDir = async (root: string, contextDir: string): Promise<string> => {
  const found = await locateInside(root, contextDir === "" ? "." : contextDir);
  if (found.type === "folder") return found.path;
  const why =
    found.type === "missing"
      ? "does not exist in the source"
      : found.type === "file"
        ? "is a file, not a folder"
        : "leads out of the source";
  throw new BuildFailure(
    "InvalidContextDirectory",
    `The context directory "${contextDir}" ${why}: check spec.source.contextDir.`,
  );
};
