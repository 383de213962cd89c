import type { CommitOptions } from "../container.ts";
import { withTag } from "../reference.ts";
import { addImage, findImage } from "./images.ts";
import { enter, type FakeState, findContainer } from "./state.ts";

export const fakeCommit = async (state: FakeState, id: string, options: CommitOptions): Promise<string> => {
  await enter(state, "containers.commit", id, options.signal);
  const container = findContainer(state, id);
  const base = findImage(state, container.spec.image);
  const ref = withTag(options.tag === undefined ? options.repo : `${options.repo}:${options.tag}`);
  const image = addImage(state, ref, {
    labels: { ...base.labels, ...container.spec.labels, ...options.labels },
    env: { ...base.env, ...container.spec.env, ...options.env },
    entrypoint: options.command ?? container.spec.command ?? base.entrypoint,
    cmd: options.args ?? container.spec.args ?? base.cmd,
    user: options.user ?? container.spec.user ?? base.user,
    workingDir: options.workingDir ?? container.spec.workingDir ?? base.workingDir,
    exposedPorts: base.exposedPorts,
    files: new Map(container.files),
    ...(base.program === undefined ? {} : { program: base.program }),
  });
  return image.id;
};
