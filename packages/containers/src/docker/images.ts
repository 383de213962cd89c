import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { Images } from "../image.ts";
import { withTag } from "../reference.ts";
import { buildImage } from "./build.ts";
import { guarded, guardedUnless, type Subject } from "./errors.ts";
import { toImageInfo, toImageSummary } from "./image-info.ts";
import { labelFilter } from "./labels.ts";
import { progressMessages } from "./progress.ts";
import { requestJson, requestStream, uploadStream } from "./request.ts";
import { pull, push } from "./transfer.ts";

const image = (ref: string): Subject => ({ kind: "image", name: ref });

export const dockerImages = (docker: Docker): Images => ({
  inspect: (ref, signal) =>
    guarded(image(ref), signal, async () =>
      toImageInfo(
        await requestJson<Docker.ImageInspectInfo>(docker, { method: "GET", path: `/images/${ref}/json`, signal }),
      ),
    ),

  list: ({ labels, dangling } = {}) =>
    guarded({ kind: "engine", name: "list of images" }, undefined, async () => {
      const filters = {
        label: labelFilter(labels),
        ...(dangling === undefined ? {} : { dangling: [String(dangling)] }),
      };
      return (await docker.listImages({ filters })).map(toImageSummary);
    }),

  pull: (ref, options = {}) => pull(docker, ref, options),
  push: (ref, options = {}) => push(docker, ref, options),

  tag: (source, target) =>
    guarded(image(source), undefined, async () => {
      const full = withTag(target);
      const colon = full.lastIndexOf(":");
      await docker.getImage(source).tag({ repo: full.slice(0, colon), tag: full.slice(colon + 1) });
    }),

  remove: (ref, { force = false } = {}) =>
    guardedUnless([404], image(ref), undefined, () => docker.getImage(ref).remove({ force })),

  build: (context, options) => buildImage(docker, context, options),

  importRootfs: (tar, ref, { changes = [], signal } = {}) =>
    guarded(image(ref), signal, async () => {
      const full = withTag(ref);
      const colon = full.lastIndexOf(":");
      const body = await uploadStream(docker, {
        method: "POST",
        path: "/images/create",
        query: { fromSrc: "-", repo: full.slice(0, colon), tag: full.slice(colon + 1), changes },
        body: tar,
        signal,
      });
      for await (const _ of progressMessages(body)) void _;
      return (await docker.getImage(full).inspect()).Id;
    }),

  load: (tar, signal) =>
    guarded(image("archive"), signal, async () => {
      const body = await uploadStream(docker, {
        method: "POST",
        path: "/images/load",
        query: { quiet: true },
        body: tar,
        signal,
      });
      for await (const _ of progressMessages(body)) void _;
    }),

  save: (refs, signal): Promise<Readable> =>
    guarded(image(refs.join(", ")), signal, () =>
      requestStream(docker, { method: "GET", path: "/images/get", query: { names: refs }, signal }),
    ),
});
