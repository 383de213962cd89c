import { Readable } from "node:stream";
import { SlipwayError } from "@slipway/kernel";
import type { Containers } from "../container.ts";
import { readTar, writeTar } from "../tar.ts";
import { enter, type FakeState, findContainer } from "./state.ts";

/** Plain files by absolute path; folders exist by having files. */
export const fakeArchives = (state: FakeState): Pick<Containers, "putArchive" | "getArchive"> => ({
  async putArchive(id, path, tar, signal) {
    await enter(state, "containers.putArchive", id, signal);
    const { files } = findContainer(state, id);
    const content = await readTar(Buffer.isBuffer(tar) ? Readable.from([tar]) : tar);
    for (const [name, text] of Object.entries(content)) files.set(`${path.replace(/\/$/, "")}/${name}`, text);
  },

  async getArchive(id, path, signal) {
    await enter(state, "containers.getArchive", id, signal);
    const { files } = findContainer(state, id);
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const inside = [...files].filter(([name]) => name === path || name.startsWith(`${path}/`));
    if (inside.length === 0) {
      throw new SlipwayError("ContainerNotFound", `There is no "${path}" in the container "${id}".`, {
        fields: { path },
      });
    }
    return writeTar(Object.fromEntries(inside.map(([name, text]) => [name.slice(folder.length), text])));
  },
});
