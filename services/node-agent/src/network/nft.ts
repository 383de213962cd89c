import { SlipwayError } from "@slipway/kernel";
import { runCommand } from "../host/run-command.ts";

/** Runs one nftables script; all of it takes effect or nothing does. */
export type ApplyNft = (script: string) => Promise<void>;

export const applyNft: ApplyNft = async (script) => {
  const { exitCode, output } = await runCommand("nft", ["-f", "-"], { input: script });
  if (exitCode === 0) return;
  throw new SlipwayError("Internal", `nftables refused the service addresses: ${output.trim()}`, {
    fields: { script: script.slice(0, 2_000) },
  });
};

/** Whether the table stands; its content is not looked at. */
export const hasNftTable = async (table: string): Promise<boolean> => {
  const { output } = await runCommand("nft", ["list", "tables", "ip"]);
  return output.split("\n").includes(`table ip ${table}`);
};

/** Removes the agent's table, if it stands. */
export const deleteNftTable = (table: string, apply: ApplyNft = applyNft): Promise<void> =>
  apply(`add table ip ${table}\ndelete table ip ${table}\n`);

/** nftables wants letters, digits and underscores. */
export const nftTableName = (instance: string): string => `slipway_${instance.replace(/[^A-Za-z0-9]/g, "_")}`;
