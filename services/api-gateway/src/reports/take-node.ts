import type { Report } from "@slipway/bus";
import { nodeDecider } from "@slipway/domain";
import { handleCommand } from "@slipway/eventlog";
import { SlipwayError } from "@slipway/kernel";
import { readNodeReport } from "./read-report.ts";
import type { TakeReportsOptions } from "./take-reports.ts";

/** Stores that a node is there, and what it has. It keeps its identity however often its agent starts. */
export const takeNode = async (
  { log, clock, newId, logger }: Pick<TakeReportsOptions, "log" | "clock" | "newId" | "logger">,
  report: Report,
  signal: AbortSignal,
): Promise<void> => {
  const node = readNodeReport(report.data);
  const name = node.metadata?.name;
  if (name !== report.node) {
    throw new SlipwayError("Invalid", `Node "${report.node}" reported itself under the name "${name}".`);
  }
  const metadata = {
    ...node.metadata,
    uid: node.metadata?.uid || newId(),
    creationTimestamp: new Date(clock.now()).toISOString(),
  };
  const { events } = await handleCommand({
    log,
    stream: `node/_/${report.node}`,
    decider: nodeDecider,
    command: { type: "RegisterNode", node: { ...node, apiVersion: "v1", kind: "Node", metadata } },
    meta: { actor: `node:${report.node}` },
    signal,
  });
  if (events.length > 0) logger.info({ node: report.node }, "node registered");
};
