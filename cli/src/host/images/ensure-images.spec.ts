import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeEngine } from "@slipway/containers";
import { IMAGES_FOLDER, readCatalog, withParents } from "./catalog.ts";
import { ensureImages } from "./ensure-images.ts";
import { HOST_FILES } from "./host-files.ts";
import { removeImages } from "./remove-images.ts";
import { SOURCE_HASH_LABEL, sourceHash } from "./source-hash.ts";

const PAUSE = "slipway/pause";

describe("the catalog of images", () => {
  it("lists every image after the one below it, and takes only what the host has", async () => {
    const { images } = await readCatalog();
    images.forEach((entry, index) => {
      if (entry.from !== undefined) expect(images.slice(0, index).map((each) => each.name)).toContain(entry.from);
      for (const name of Object.values(entry.hostFiles ?? {})) expect(Object.keys(HOST_FILES)).toContain(name);
    });
  });

  it("adds what the wanted ones are made from, and knows no others", async () => {
    const catalog = await readCatalog();
    expect(withParents(catalog, ["slipway/nodejs"]).map((each) => each.name)).toEqual([
      "slipway/base",
      "slipway/s2i-base",
      "slipway/nodejs",
    ]);
    expect(() => withParents(catalog, ["slipway/cobol"])).toThrow("choose from slipway/base");
  });
});

describe("an image's source hash", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "images-"));
    await cp(IMAGES_FOLDER, folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const hashes = async () => {
    const catalog = await readCatalog(folder);
    return Object.fromEntries(
      await Promise.all(catalog.images.map(async (each) => [each.name, await sourceHash(catalog, each)])),
    );
  };

  it("changes with a file of its folder, and with the image below it, and with nothing else", async () => {
    const before = await hashes();
    expect(await hashes()).toEqual(before);
    await writeFile(join(folder, "s2i-base", "Dockerfile"), "FROM scratch");
    const after = await hashes();
    expect(Object.keys(before).filter((name) => after[name] !== before[name])).toEqual([
      "slipway/s2i-base",
      "slipway/nodejs",
      "slipway/python",
      "slipway/static",
    ]);
  });
});

describe("ensureImages", () => {
  const ensure = (engine: ReturnType<typeof fakeEngine>, mirror?: string) =>
    ensureImages({ engine, cacheFolder: "/nowhere", log: () => {}, only: [PAUSE], ...(mirror && { mirror }) });
  const pauseHash = async () => {
    const catalog = await readCatalog();
    return sourceHash(catalog, withParents(catalog, [PAUSE])[0]!);
  };

  it("makes what is missing or stale, and leaves alone what is there", async () => {
    const engine = fakeEngine();
    engine.addImage(`${PAUSE}:latest`, { labels: { [SOURCE_HASH_LABEL]: "stale" } });
    expect(await ensure(engine)).toMatchObject([{ name: PAUSE, how: "made" }]);
    expect((await engine.images.inspect(`${PAUSE}:latest`)).labels[SOURCE_HASH_LABEL]).toBe(await pauseHash());
    expect(await ensure(engine)).toMatchObject([{ name: PAUSE, how: "present" }]);
  });

  it("takes an image from the mirror when it has the right one, and makes it when not", async () => {
    const hash = await pauseHash();
    const engine = fakeEngine();
    engine.registry.set(`mirror.example.org/${PAUSE}:${hash}`, { labels: { [SOURCE_HASH_LABEL]: hash } });
    expect(await ensure(engine, "mirror.example.org")).toMatchObject([{ how: "pulled" }]);
    const liar = fakeEngine();
    liar.registry.set(`mirror.example.org/${PAUSE}:${hash}`, { labels: { [SOURCE_HASH_LABEL]: "other" } });
    expect(await ensure(liar, "mirror.example.org")).toMatchObject([{ how: "made" }]);
    expect(await ensure(fakeEngine(), "mirror.example.org")).toMatchObject([{ how: "made" }]);
  });

  it("can be taken back, with what was built on the images", async () => {
    const engine = fakeEngine();
    await ensure(engine);
    engine.addImage("shop/web:1", { labels: { [SOURCE_HASH_LABEL]: "inherited" } });
    engine.addImage("stranger:1");
    expect(await removeImages(engine)).toBe(2);
    expect((await engine.images.list()).map((each) => each.tags)).toEqual([["stranger:1"]]);
  });
});
