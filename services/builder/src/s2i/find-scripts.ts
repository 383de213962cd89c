import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BuildFailure } from "../build/build-failure.ts";
import { maskUrls } from "../build/mask.ts";
import { readInside } from "../tree/read-inside.ts";
import { folderOfImageUrl, type S2iImage } from "./s2i-image.ts";

const SCRIPTS = ["assemble", "run", "save-artifacts"] as const;
export type ScriptName = (typeof SCRIPTS)[number];

/** Where one script comes from. */
export type Script =
  /** It is in the builder image, in this folder. */
  | { readonly from: "image"; readonly folder: string }
  /** It comes along with the source; `source` is its path there, when it must not be uploaded twice. */
  | { readonly from: "upload"; readonly text: string; readonly source?: string };

export type Scripts = Readonly<Record<ScriptName, Script | undefined>>;

interface FindScriptsOptions {
  /** `sourceStrategy.scripts`; empty when the build config names none. */
  readonly url: string;
  readonly sourceFolder: string;
  readonly image: S2iImage;
  readonly allowFiles: boolean;
  readonly fetchText: (url: string, signal: AbortSignal) => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/** The folders of the source that may hold scripts, the old name last. */
const SOURCE_FOLDERS = [".s2i/bin", ".sti/bin"];

/**
 * Finds each script by itself: first at the URL of the build config, then in the source, then in the image. Given a URL
 * where no script is found, that is an error and not a reason to look elsewhere.
 */
export const findScripts = async (options: FindScriptsOptions): Promise<Scripts> => {
  const byUrl = options.url === "" ? {} : await scriptsAt(options);
  const inImage = options.image.scriptsUrl === "" ? {} : imageScripts(options.image.scriptsUrl);
  const found: Partial<Record<ScriptName, Script | undefined>> = {};
  for (const name of SCRIPTS)
    found[name] = byUrl[name] ?? (await inSource(options.sourceFolder, name)) ?? inImage[name];
  return { assemble: found.assemble, run: found.run, "save-artifacts": found["save-artifacts"] };
};

type SomeScripts = Partial<Record<ScriptName, Script>>;

const scriptsAt = async ({ url, allowFiles, fetchText, signal }: FindScriptsOptions): Promise<SomeScripts> => {
  const folder = folderOfImageUrl(url);
  if (folder !== undefined) return imageScripts(url);
  const read = readerFor(url, allowFiles, fetchText, signal);
  const scripts: SomeScripts = {};
  for (const name of SCRIPTS) {
    const text = await read(name);
    if (text !== undefined) scripts[name] = { from: "upload", text };
  }
  if (Object.keys(scripts).length === 0) throw unusable(url, "no script is there");
  return scripts;
};

const readerFor = (
  url: string,
  allowFiles: boolean,
  fetchText: FindScriptsOptions["fetchText"],
  signal: AbortSignal,
): ((name: ScriptName) => Promise<string | undefined>) => {
  const base = url.replace(/\/+$/, "");
  if (/^https?:\/\//.test(url)) {
    return (name) =>
      fetchText(`${base}/${name}`, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw unusable(url, error instanceof Error ? error.message : String(error));
      });
  }
  if (url.startsWith("file:///")) {
    if (!allowFiles) throw unusable(url, "files of the builder's host are switched off on this platform");
    return (name) => readFile(join(fileURLToPath(base), name), "utf8").catch(() => undefined);
  }
  throw unusable(url, "only image:///, http(s):// and file:/// are supported");
};

const imageScripts = (url: string): SomeScripts => {
  const folder = folderOfImageUrl(url);
  if (folder === undefined) return {};
  return Object.fromEntries(SCRIPTS.map((name) => [name, { from: "image", folder }]));
};

const inSource = async (folder: string, name: ScriptName): Promise<Script | undefined> => {
  for (const place of SOURCE_FOLDERS) {
    const text = await readInside(folder, `${place}/${name}`);
    if (text !== undefined) return { from: "upload", text, source: `${place}/${name}` };
  }
  return undefined;
};

const unusable = (url: string, why: string): BuildFailure =>
  new BuildFailure("FetchScriptsFailed", `The scripts at ${maskUrls(url)} cannot be used: ${why}.`);

/** The path of a script in the container. */
export const scriptPath = (script: Script, name: ScriptName, destination: string): string =>
  script.from === "image" ? `${script.folder}/${name}` : `${destination}/scripts/${name}`;
