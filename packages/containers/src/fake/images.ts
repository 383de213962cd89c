import { Readable } from "node:stream";
import { SlipwayError } from "@slipway/kernel";
import type { Images } from "../image.ts";
import { withTag } from "../reference.ts";
import { readTar } from "../tar.ts";
import { configOfChanges } from "./dockerfile-changes.ts";
import { conflict, enter, type FakeImage, type FakeState, hasLabels, idOf, timeOf } from "./state.ts";

/** What a registry that the fake can reach answers to pulls: an image, or the reason of the failure. */
export type FakeRegistry = Map<string, Partial<FakeImage> | { readonly fails: string }>;

/** What the next build does: its output, then an image or the reason of the failure. */
export interface FakeBuild {
  readonly log?: readonly string[];
  readonly fails?: string;
  readonly exitCode?: number;
}

/** Puts an image on the engine, under one name. */
export const addImage = (state: FakeState, ref: string, image: Partial<FakeImage> = {}): FakeImage => {
  const name = withTag(ref);
  const full: FakeImage = {
    id: `sha256:${idOf(state)}`,
    tags: [name],
    repoDigests: [],
    labels: {},
    env: {},
    cmd: [],
    entrypoint: [],
    user: "",
    workingDir: "",
    exposedPorts: [],
    onBuild: [],
    volumes: [],
    stopSignal: "",
    architecture: "amd64",
    createdAt: timeOf(state),
    sizeBytes: 1_000,
    files: new Map(),
    ...image,
  };
  state.images.set(name, full);
  return full;
};

export const findImage = (state: FakeState, ref: string): FakeImage => {
  const found = state.images.get(withTag(ref)) ?? [...state.images.values()].find((each) => each.id === ref);
  if (found !== undefined) return found;
  throw new SlipwayError(
    "ImageNotFound",
    `The image is not on the engine: No such image: ${ref}. Pull it or build it first.`,
    {
      fields: { image: ref, status: 404 },
    },
  );
};

const namesOf = (state: FakeState, id: string): string[] =>
  [...state.images].filter(([, image]) => image.id === id).map(([name]) => name);

export const fakeImages = (state: FakeState, registry: FakeRegistry, builds: FakeBuild[]): Images => ({
  async inspect(ref, signal) {
    await enter(state, "images.inspect", ref, signal);
    const image = findImage(state, ref);
    return { ...image, tags: namesOf(state, image.id) };
  },

  async list({ labels } = {}) {
    await enter(state, "images.list", "");
    const byId = new Map([...state.images.values()].map((image) => [image.id, image]));
    return [...byId.values()]
      .filter((image) => hasLabels(image.labels, labels))
      .map((image) => ({ ...image, tags: namesOf(state, image.id) }));
  },

  async pull(ref, { signal, onProgress } = {}) {
    await enter(state, "images.pull", ref, signal);
    const name = withTag(ref);
    const answer = registry.get(name);
    const reason = /[A-Z]|\/\//.test(name.slice(0, name.lastIndexOf(":"))) ? "InvalidName" : undefined;
    const fails =
      reason ?? (answer === undefined ? (name.startsWith("127.0.0.1:1/") ? "Network" : "NotFound") : undefined);
    const failure = fails ?? (answer !== undefined && "fails" in answer ? answer.fails : undefined);
    if (failure !== undefined) throw transferFailed("ImagePullFailed", name, failure);
    onProgress?.({ status: "Pull complete" });
    addImage(state, name, answer as Partial<FakeImage>);
  },

  async push(ref, { signal } = {}) {
    await enter(state, "images.push", ref, signal);
    const image = findImage(state, ref);
    const digest = image.id;
    registry.set(withTag(ref), image);
    return { digest, sizeBytes: 500 };
  },

  async tag(source, target) {
    await enter(state, "images.tag", source);
    state.images.set(withTag(target), findImage(state, source));
  },

  async remove(ref, { force = false } = {}) {
    await enter(state, "images.remove", ref);
    const name = withTag(ref);
    const image = state.images.get(name);
    const used = image && [...state.containers.values()].some((each) => each.imageId === image.id);
    if (used && !force && namesOf(state, image.id).length === 1) {
      throw conflict(`image "${ref}"`, "unable to remove repository reference: a container uses it");
    }
    state.images.delete(name);
  },

  async build(context, { tags = [], labels = {}, onLog, signal }) {
    await enter(state, "images.build", tags[0] ?? "", signal);
    if (!Buffer.isBuffer(context)) context.resume();
    const script = builds.shift() ?? {};
    for (const line of script.log ?? ["Step 1/1 : FROM scratch", "Successfully built"]) onLog?.(line);
    if (script.fails !== undefined) {
      throw new SlipwayError("ImageBuildFailed", `The image could not be built: ${script.fails}.`, {
        fields: { reason: script.fails, ...(script.exitCode === undefined ? {} : { exitCode: script.exitCode }) },
      });
    }
    const image = addImage(state, tags[0] ?? `built-${state.serial}`, { labels });
    for (const tag of tags.slice(1)) state.images.set(withTag(tag), image);
    return image.id;
  },

  async importRootfs(tar, ref, { changes = [], signal } = {}) {
    await enter(state, "images.importRootfs", ref, signal);
    const content = await readTar(Buffer.isBuffer(tar) ? Readable.from([tar]) : tar);
    const files = new Map(Object.entries(content).map(([name, text]) => [`/${name}`, text]));
    return addImage(state, ref, { ...configOfChanges(changes), files }).id;
  },

  async load(tar, signal) {
    await enter(state, "images.load", "", signal);
    for (const name of Object.keys(await readTar(tar))) addImage(state, name);
  },

  async save(refs, signal) {
    await enter(state, "images.save", refs.join(" "), signal);
    for (const ref of refs) findImage(state, ref);
    return Readable.from([Buffer.alloc(1_024)]);
  },
});

const transferFailed = (code: "ImagePullFailed", ref: string, reason: string): SlipwayError =>
  new SlipwayError(code, `The image "${ref}" could not be pulled: ${reason}.`, {
    fields: { image: ref, reason },
    retryAfterMs: 10_000,
  });
