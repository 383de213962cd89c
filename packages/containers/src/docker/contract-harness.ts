import { readFile } from "node:fs/promises";
import type { ContractHarness } from "../contract-harness.ts";
import type { Program } from "../fake/programs.ts";
import { writeTar } from "../tar.ts";
import { dockerEngine } from "./engine.ts";

/** The contract's harness on a real engine: one image of a static busybox, everything named after this process. */
export const dockerHarness = async (): Promise<ContractHarness> => {
  const engine = dockerEngine();
  const prefix = `containers-spec-${process.pid}-`;
  const labels = { "slipway.spec": String(process.pid) };
  const image = `${prefix}busybox:1`;
  await engine.images.importRootfs(await busyboxRootfs(), image);
  return {
    engine,
    image,
    prefix,
    labels,
    subnet: `10.231.${process.pid % 250}`,
    program,
    async tearDown() {
      for (const { id } of await engine.containers.list({ labels, all: true })) {
        await engine.containers.remove(id, { force: true, volumes: true });
      }
      for (const { name } of await engine.networks.list({ labels })) await engine.networks.remove(name);
      for (const { id } of await engine.images.list({ labels })) await engine.images.remove(id, { force: true });
      // By id, so that digests that a registry gave it go too.
      await engine.images.remove((await engine.images.inspect(image)).id, { force: true });
      engine.close();
    },
  };
};

/** A static busybox and its names, as a tar. */
export const busyboxRootfs = async () => {
  const applets = ["sh", "sleep", "cat", "echo", "true", "false", "tar", "printf", "wc", "id"];
  return writeTar({
    "bin/": "",
    "tmp/": "",
    "bin/busybox": { mode: 0o755, content: await readFile("/bin/busybox") },
    ...Object.fromEntries(applets.map((name) => [`bin/${name}`, { link: "/bin/busybox" }])),
  });
};

const program = (runs: Program): { command: string[]; args: string[] } => {
  if (runs.startFails !== undefined) return { command: ["/no/such/program"], args: [] };
  if (runs.echoesStdin) return { command: ["cat"], args: [] };
  const lines = [
    ...(runs.ignoresTerm ? ["trap '' TERM"] : ["trap 'exit 143' TERM"]),
    ...(runs.stdout ?? []).map((line) => `echo '${line}'`),
    ...(runs.stderr ?? []).map((line) => `echo '${line}' >&2`),
    ...(runs.exitAfterMs === undefined
      ? ["while :; do sleep 3600 & wait; done"]
      : [`sleep ${runs.exitAfterMs / 1_000}`, `exit ${runs.exitCode ?? 0}`]),
  ];
  // Through stdin the program would have no limit; as an argument one line may have 128 KiB.
  return { command: ["sh", "-c"], args: [lines.join("\n")] };
};
