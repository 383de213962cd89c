import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { packFolders } from "./pack-folders.ts";
import { readTar } from "./tar.ts";

describe("packFolders", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pack-"));
    await mkdir(join(folder, "s2i"));
    await writeFile(join(folder, "s2i", "run"), "exec", { mode: 0o755 });
    await writeFile(join(folder, "Dockerfile"), "FROM x");
    await symlink("Dockerfile", join(folder, "link"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("puts a folder's content at the top and single files where they are wanted", async () => {
    const tar = packFolders([
      { source: folder, target: ".", ignore: (path) => path === "s2i/ignored" },
      { source: join(folder, "Dockerfile"), target: "copy/of-it" },
    ]);
    expect(await readTar(tar)).toEqual({ Dockerfile: "FROM x", "s2i/run": "exec", "copy/of-it": "FROM x" });
  });

  it("leaves out what is ignored and gives the same bytes for the same content", async () => {
    const sources = [{ source: folder, target: ".", ignore: (path: string) => path.startsWith("s2i/") }];
    expect(Object.keys(await readTar(packFolders(sources)))).toEqual(["Dockerfile"]);
    expect((await buffer(packFolders(sources))).equals(await buffer(packFolders(sources)))).toBe(true);
  });

  it("fails the stream for a source that is not there", async () => {
    await expect(buffer(packFolders([{ source: join(folder, "none"), target: "." }]))).rejects.toThrow("ENOENT");
  });
});
