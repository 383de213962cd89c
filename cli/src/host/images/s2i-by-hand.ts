import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ContainerEngine, packFolders } from "@slipway/containers";
import { readBuildEnvironment, shellExports } from "../build-environment.ts";

/** One source-to-image build without a builder service: what the images' specs try the scripts with. */
export interface HandBuild {
  readonly engine: ContainerEngine;
  readonly builder: string;
  /** The folder that becomes `src`. */
  readonly source: string;
  /** Name of the result, with tag. */
  readonly result: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The result of an earlier build, whose artifacts are carried over. */
  readonly previous?: string;
}

/** Runs assemble and commits; answers the output's lines. Throws with them when assemble fails. */
export const buildByHand = async (build: HandBuild): Promise<string[]> => {
  const { containers } = build.engine;
  const folder = await mkdtemp(join(tmpdir(), "s2i-by-hand-"));
  // The container's user is another one than the folder's.
  await chmod(folder, 0o755);
  const environment = await readBuildEnvironment();
  await writeFile(join(folder, "env.sh"), shellExports(environment.env));
  const artifacts =
    build.previous === undefined ? undefined : await savedArtifacts(build.engine, build.previous, folder);
  const { id } = await containers.create({
    image: build.builder,
    command: ["/bin/sh", "-c", ". /mnt/env.sh && tar -C /tmp -xf - && /usr/libexec/s2i/assemble"],
    env: build.env ?? {},
    stdin: true,
    binds: [...environment.binds, { source: folder, target: "/mnt", readOnly: true }],
  });
  try {
    const streams = await containers.attach(id, { stdin: true });
    streams.stdout.resume();
    streams.stderr.resume();
    await containers.start(id);
    const upload = [{ source: build.source, target: "src" }];
    packFolders(artifacts === undefined ? upload : [...upload, { source: artifacts, target: "artifacts" }]).pipe(
      streams.stdin,
    );
    const { exitCode } = await containers.wait(id);
    const lines: string[] = [];
    for await (const line of containers.logs(id)) lines.push(line.text);
    if (exitCode !== 0) throw new Error(`assemble failed with ${exitCode}:\n${lines.join("\n")}`);
    await containers.commit(id, {
      repo: build.result.slice(0, build.result.lastIndexOf(":")),
      tag: build.result.slice(build.result.lastIndexOf(":") + 1),
      command: [],
      args: ["/usr/libexec/s2i/run"],
    });
    return lines;
  } finally {
    await containers.remove(id, { force: true, volumes: true });
    await rm(folder, { recursive: true, force: true });
  }
};

/** What `save-artifacts` of the earlier result writes, unpacked. */
const savedArtifacts = async (engine: ContainerEngine, previous: string, folder: string): Promise<string> => {
  const target = join(folder, "artifacts");
  await mkdir(target);
  const { id } = await engine.containers.create({ image: previous, command: ["/usr/libexec/s2i/save-artifacts"] });
  const streams = await engine.containers.attach(id);
  streams.stderr.resume();
  const tar = spawn("tar", ["-C", target, "-xf", "-"], { stdio: ["pipe", "ignore", "inherit"] });
  const ended = new Promise<void>((resolve) => tar.on("exit", () => resolve()));
  streams.stdout.pipe(tar.stdin);
  await engine.containers.start(id);
  await ended;
  await engine.containers.remove(id, { force: true });
  return target;
};
