import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import type { PostgresBinaries } from "./binaries.ts";
import { giveTo, type Identity, runAs } from "./identity.ts";

interface NewCluster {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly identity: Identity;
  /** Of the first superuser, `slipway_admin`. */
  readonly password: string;
}

/** Makes an empty cluster: UTF-8, byte order, password on every way in. It appears whole under `dataDir`, or not at all. */
export const initCluster = async ({ dataDir, binaries, identity, password }: NewCluster): Promise<void> => {
  const unfinished = `${dataDir}.init`;
  const passwordFile = `${dataDir}.pwfile`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  chmodSync(unfinished, 0o700);
  giveTo(identity, unfinished);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(identity, passwordFile);
  try {
    await run(identity, binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--pwfile=${passwordFile}`,
      "--username=slipway_admin",
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
    ]);
    renameSync(unfinished, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
};

const run = (identity: Identity, program: string, args: readonly string[]): Promise<void> =>
  new Promise((done, failed) => {
    const { command, args: all, options } = runAs(identity, program, args);
    const cwd = dirname(program);
    const child = spawn(command, all, {
      ...options,
      cwd: identity.kind === "user" ? "/" : cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-2_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (cause) => failed(initFailed(String(cause), cause)));
    child.once("close", (code) => (code === 0 ? done() : failed(initFailed(output.trim()))));
  });

const initFailed = (output: string, cause?: unknown): SlipwayError =>
  new SlipwayError("StartFailed", `Postgres could not make its data folder: ${output}`, { cause });
