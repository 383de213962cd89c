import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Pack } from "tar-stream";

/** Stores a tar that comes from an image; rejects when it is larger than `maxBytes` or no tar. */
export const storeArtifacts = async (tar: NodeJS.ReadableStream, file: string, maxBytes: number): Promise<void> => {
  let bytes = 0;
  const limit = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new Error(`it saved more than ${Math.round(maxBytes / 1_048_576)} MiB`));
      else done(null, chunk);
    },
  });
  await pipeline(tar, limit, createWriteStream(file));
};

/** How many entries a stored tar has; rejects when it is broken. */
export const countArtifacts = async (file: string): Promise<number> => {
  if ((await stat(file)).size === 0) return 0;
  let entries = 0;
  const reader = extract();
  reader.on("entry", (_header, content, next) => {
    entries++;
    content.on("end", next);
    content.resume();
  });
  await pipeline(createReadStream(file), reader);
  return entries;
};

/** Adds a stored tar's entries to another one below `prefix`. Entries that would leave it are dropped. */
export const packArtifacts = async (pack: Pack, file: string, prefix: string): Promise<void> => {
  const reader = extract();
  const reading = pipeline(createReadStream(file), reader);
  const packing = (async () => {
    for await (const entry of reader) {
      const path = entry.header.name.replace(/^(\.?\/)+/, "");
      if (path === "" || path.split("/").includes("..")) {
        entry.resume();
        continue;
      }
      const { header } = entry;
      const linkname =
        header.type === "link" ? prefix + (header.linkname ?? "").replace(/^(\.?\/)+/, "") : header.linkname;
      const sink = pack.entry({ ...header, name: prefix + path, linkname, pax: null } as Parameters<Pack["entry"]>[0]);
      if (header.type === "file") await pipeline(entry, sink);
      else entry.resume();
    }
  })();
  await Promise.all([reading, packing]);
};
