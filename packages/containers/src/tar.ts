import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { extract, pack } from "tar-stream";

/** The plain files of a small tar, by path. */
export const readTar = async (tar: Readable): Promise<Record<string, string>> => {
  const files: Record<string, string> = {};
  const reader = extract();
  const reading = (async () => {
    for await (const entry of reader) {
      const content = await text(entry);
      if (entry.header.type === "file") files[entry.header.name.replace(/^\.\//, "")] = content;
    }
  })();
  await Promise.all([pipeline(tar, reader), reading]);
  return files;
};

/** A file's text or bytes, a link's target, or an empty folder (a path that ends in a slash). */
export type TarContent =
  | string
  | Buffer
  | { readonly link: string }
  | { readonly mode: number; readonly content: Buffer };

/** A small tar of the given paths, as a stream of Node's own kind. */
export const writeTar = (files: Readonly<Record<string, TarContent>>): Readable => {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith("/")) tar.entry({ name, type: "directory", mode: 0o1777 });
    else if (typeof content === "string" || Buffer.isBuffer(content)) tar.entry({ name }, content);
    else if ("link" in content) tar.entry({ name, type: "symlink", linkname: content.link });
    else tar.entry({ name, mode: content.mode }, content.content);
  }
  tar.finalize();
  return Readable.from(tar);
};
