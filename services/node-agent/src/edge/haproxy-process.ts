import { readFile } from "node:fs/promises";
import { SlipwayError } from "@slipway/kernel";
import { readIfThere, removeTree } from "../host/files.ts";
import { runCommand } from "../host/run-command.ts";
import type { EdgePaths } from "./edge-paths.ts";

/** The HAProxy of this node. It runs on its own: when the agent goes, applications still answer. */
export interface HaproxyProcess {
  /** Of the one that has our configuration. */
  pid(): Promise<number | undefined>;
  /** Starts it, or a new one that takes over the listening sockets; connections of the old one go on to their end. */
  startOrReload(): Promise<void>;
  stop(): Promise<void>;
}

export const haproxyProcess = (paths: EdgePaths): HaproxyProcess => {
  const pid = async (): Promise<number | undefined> => {
    const text = await readIfThere(paths.pid);
    const id = Number(text?.trim().split("\n").at(-1));
    if (!Number.isSafeInteger(id) || id <= 1) return undefined;
    // The number may have gone to another process meanwhile.
    const command = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
    return command.split("\0").includes(paths.config) ? id : undefined;
  };

  return {
    pid,
    startOrReload: async () => {
      const old = await pid();
      const takeOver = old === undefined ? [] : ["-x", paths.socket, "-sf", String(old)];
      if (old === undefined) await removeTree(paths.socket);
      const { exitCode, output } = await runCommand("haproxy", [
        "-D",
        "-f",
        paths.config,
        "-p",
        paths.pid,
        ...takeOver,
      ]);
      if (exitCode !== 0) throw startError(output);
    },
    stop: async () => {
      const running = await pid();
      if (running !== undefined) process.kill(running, "SIGTERM");
      await removeTree(paths.socket);
    },
  };
};

const startError = (output: string): SlipwayError => {
  const taken = /cannot bind socket .*\[([^\]]+)\]/i.exec(output);
  if (taken !== null) {
    return new SlipwayError(
      "PortTaken",
      `The edge cannot listen on ${taken[1]}: stop the program that does, or give the edge another port.`,
      { fields: { output } },
    );
  }
  return new SlipwayError("StartFailed", `HAProxy did not start: ${lastLine(output)}`, { fields: { output } });
};

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
