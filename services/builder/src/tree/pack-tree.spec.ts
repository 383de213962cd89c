import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { extract, type Header, pack } from "tar-stream";
import { packFolder, packText, packTree } from "./pack-tree.ts";

const entriesOf = async (fill: (into: ReturnType<typeof pack>) => Promise<void>) => {
  const archive = pack();
  const reader = extract();
  archive.pipe(reader);
  const entries: { header: Header; content: string }[] = [];
  const reading = (async () => {
    for await (const entry of reader) entries.push({ header: entry.header, content: await text(entry) });
  })();
  await fill(archive);
  archive.finalize();
  await reading;
  return entries;
};

describe("packing a tree", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "pack-tree-"));
    mkdirSync(join(root, "bin"));
    writeFileSync(join(root, "bin/run"), "#!/bin/sh\n");
    chmodSync(join(root, "bin/run"), 0o755);
    writeFileSync(join(root, "big"), "x".repeat(200_000));
    writeFileSync(join(root, "empty"), "");
    writeFileSync(join(root, "Dockerfile"), "FROM a\n");
    symlinkSync("/etc/passwd", join(root, "link"));
    mkdirSync(join(root, "left"));
    writeFileSync(join(root, "left/out"), "");
    writeFileSync(join(root, "left/in"), "kept");
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it("keeps order, modes and links as links, and belongs to root", async () => {
    const entries = await entriesOf((archive) => packTree(archive, root, { prefix: "src/" }));
    expect(entries.map(({ header }) => header.name)).toEqual([
      "src/Dockerfile",
      "src/big",
      "src/bin",
      "src/bin/run",
      "src/empty",
      "src/left",
      "src/left/in",
      "src/left/out",
      "src/link",
    ]);
    const named = Object.fromEntries(entries.map((entry) => [entry.header.name, entry]));
    expect(named["src/bin/run"]?.header.mode).toBe(0o755);
    expect(named["src/link"]?.header).toMatchObject({ type: "symlink", linkname: "/etc/passwd", uid: 0, gid: 0 });
    expect(named["src/big"]?.content).toHaveLength(200_000);
    expect(named["src/empty"]?.content).toBe("");
  });

  it("leaves out what the filter says, and can look below it", async () => {
    const filter = (path: string) =>
      path === "left"
        ? ("skip" as const)
        : path === "left/in" || path === "empty"
          ? ("keep" as const)
          : ("prune" as const);
    const entries = await entriesOf((archive) => packTree(archive, root, { filter }));
    expect(entries.map(({ header }) => header.name)).toEqual(["empty", "left/in"]);
  });

  it("replaces files and adds single ones", async () => {
    const entries = await entriesOf(async (archive) => {
      await packFolder(archive, "scripts");
      await packText(archive, "scripts/assemble", "x", 0o755);
      await packTree(archive, root, {
        filter: (path) => (path === "Dockerfile" ? "keep" : "prune"),
        replacements: new Map([["Dockerfile", "FROM b\n"]]),
      });
    });
    expect(entries.map(({ header, content }) => [header.name, header.mode, content])).toEqual([
      ["scripts", 0o755, ""],
      ["scripts/assemble", 0o755, "x"],
      ["Dockerfile", 0o644, "FROM b\n"],
    ]);
  });
});
