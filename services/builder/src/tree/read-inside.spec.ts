import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locateInside, readInside } from "./read-inside.ts";

describe("reading inside a tree", () => {
  let top: string;
  let root: string;
  beforeAll(() => {
    top = mkdtempSync(join(tmpdir(), "inside-"));
    root = join(top, "repo");
    mkdirSync(join(root, "app"), { recursive: true });
    writeFileSync(join(top, "secret"), "the host's own");
    writeFileSync(join(root, "app/file"), "text");
    symlinkSync("../../secret", join(root, "app/out"));
    symlinkSync("/etc", join(root, "etc"));
    symlinkSync("app/file", join(root, "in"));
    symlinkSync("loop", join(root, "loop"));
  });
  afterAll(() => rmSync(top, { recursive: true }));

  it("reads files and links that stay inside", async () => {
    expect(await readInside(root, "app/file")).toBe("text");
    expect(await readInside(root, "./app/../in")).toBe("text");
    expect(await readInside(root, "/app/file")).toBe("text");
  });

  it("does not follow .. or a link to the outside", async () => {
    expect(await locateInside(root, "../secret")).toEqual({ type: "outside" });
    expect(await locateInside(root, "app/../../secret")).toEqual({ type: "outside" });
    expect(await locateInside(root, "app/out")).toEqual({ type: "outside" });
    expect(await locateInside(root, "etc/passwd")).toEqual({ type: "outside" });
    expect(await readInside(root, "app/out")).toBeUndefined();
  });

  it("tells a folder from a missing path", async () => {
    expect((await locateInside(root, "app")).type).toBe("folder");
    expect((await locateInside(root, "nothing/here")).type).toBe("missing");
    expect((await locateInside(root, "app/file/below")).type).toBe("missing");
    expect((await locateInside(root, "loop")).type).toBe("missing");
  });
});
