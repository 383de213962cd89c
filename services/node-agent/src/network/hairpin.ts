import { readdir, writeFile } from "node:fs/promises";
import { isMissing } from "../host/files.ts";

/**
 * Lets each port of a bridge send a frame back to where it came from: a pod that reaches itself through its service's
 * address is translated on the bridge, and without this the frame is dropped there.
 */
export const allowHairpin = async (bridge: string): Promise<void> => {
  const ports = `/sys/class/net/${bridge}/brif`;
  for (const port of await readdir(ports).catch(noneIfMissing)) {
    // The port may have gone with its pod meanwhile.
    await writeFile(`${ports}/${port}/hairpin_mode`, "1").catch(noneIfMissing);
  }
};

const noneIfMissing = (error: unknown): string[] => {
  if (isMissing(error)) return [];
  throw error;
};
