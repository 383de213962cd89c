import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findScripts, scriptPath } from "./find-scripts.ts";
import { readS2iImage } from "./s2i-image.ts";

describe("finding S2I scripts", () => {
  let top: string;
  let source: string;
  beforeAll(() => {
    top = mkdtempSync(join(tmpdir(), "scripts-"));
    source = join(top, "source");
    mkdirSync(join(source, ".s2i/bin"), { recursive: true });
    mkdirSync(join(top, "empty"));
    mkdirSync(join(top, "host"));
    writeFileSync(join(source, ".s2i/bin/assemble"), "source assemble");
    writeFileSync(join(top, "host/run"), "host run");
    symlinkSync(join(top, "host/run"), join(source, ".s2i/bin/run"));
  });
  afterAll(() => rmSync(top, { recursive: true }));

  const image = readS2iImage({
    labels: { "io.openshift.s2i.scripts-url": "image:///usr/libexec/s2i" },
    env: {},
    user: "1001",
  });
  const find = (options: Partial<Parameters<typeof findScripts>[0]> = {}) =>
    findScripts({
      url: "",
      sourceFolder: source,
      image,
      allowFiles: true,
      fetchText: async () => undefined,
      signal: new AbortController().signal,
      ...options,
    });

  it("takes each script by itself from the source, else from the image, and follows no link out of the source", async () => {
    expect(await find()).toEqual({
      assemble: { from: "upload", text: "source assemble", source: ".s2i/bin/assemble" },
      run: { from: "image", folder: "/usr/libexec/s2i" },
      "save-artifacts": { from: "image", folder: "/usr/libexec/s2i" },
    });
  });

  it("prefers the URL of the build config", async () => {
    const fetchText = async (url: string) => (url === "https://h/s/assemble" ? "web assemble" : undefined);
    expect((await find({ url: "https://h/s/", fetchText })).assemble).toEqual({ from: "upload", text: "web assemble" });
    expect((await find({ url: `file://${top}/host` })).run).toEqual({ from: "upload", text: "host run" });
    expect((await find({ url: "image:///opt/s2i" })).assemble).toEqual({ from: "image", folder: "/opt/s2i" });
  });

  it("refuses a URL where nothing is, and one it cannot read", async () => {
    await expect(find({ url: "https://h/s" })).rejects.toThrow("no script is there");
    await expect(find({ url: "ftp://h/s" })).rejects.toThrow("only image:///");
    await expect(find({ url: `file://${top}/host`, allowFiles: false })).rejects.toThrow("switched off");
    const fetchText = () => Promise.reject(new Error("host h:443 is away"));
    await expect(find({ url: "https://joe:pw@h/s", fetchText })).rejects.toThrow(
      "https://***@h/s cannot be used: host h:443 is away",
    );
  });

  it("finds nothing in an image that says nothing", async () => {
    const silent = readS2iImage({ labels: {}, env: {}, user: "" });
    expect(await find({ image: silent, sourceFolder: join(top, "empty") })).toEqual({
      assemble: undefined,
      run: undefined,
      "save-artifacts": undefined,
    });
  });

  it("knows the path of a script in the container", () => {
    expect(scriptPath({ from: "image", folder: "/usr/libexec/s2i" }, "run", "/tmp")).toBe("/usr/libexec/s2i/run");
    expect(scriptPath({ from: "upload", text: "" }, "run", "/tmp")).toBe("/tmp/scripts/run");
  });
});

describe("what an image says about source-to-image", () => {
  it("reads today's labels before the old names", () => {
    const labels = {
      "io.openshift.s2i.scripts-url": "image:///new",
      "io.s2i.scripts-url": "image:///old",
      "io.openshift.s2i.destination": "/opt/",
      "io.openshift.s2i.assemble-user": "0",
    };
    expect(readS2iImage({ labels, env: { STI_LOCATION: "/sti" }, user: "1001" })).toEqual({
      scriptsUrl: "image:///new",
      destination: "/opt",
      assembleUser: "0",
    });
  });

  it("reads the old label and the old variables", () => {
    expect(
      readS2iImage({ labels: { "io.s2i.destination": "/d" }, env: { STI_SCRIPTS_URL: "image:///e" }, user: "u" }),
    ).toEqual({
      scriptsUrl: "image:///e",
      destination: "/d",
      assembleUser: "u",
    });
    expect(readS2iImage({ labels: {}, env: {}, user: "" }).destination).toBe("/tmp");
  });
});
