import { existsSync, readFileSync } from "node:fs";
import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import type { ServerAddress } from "./address.ts";

/** Says why the server did not start, from the end of what it wrote to its log after the first `skipBytes`. */
export const failureFromLog = (
  logFile: string,
  skipBytes: number,
  address: ServerAddress,
  cause: unknown,
): SlipwayError => {
  if (isSlipwayError(cause)) return cause;
  const written = existsSync(logFile) ? readFileSync(logFile).subarray(skipBytes).toString("utf8") : "";
  const tail = written.slice(-2_000).trim();
  if (tail.includes("could not bind") || tail.includes("Address already in use")) {
    return new SlipwayError(
      "PortTaken",
      `Port ${address.port} is taken by another program: stop that program, or choose another port for Postgres.`,
      {
        cause,
        fields: { port: address.port },
      },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SlipwayError("StartFailed", `Postgres did not start: ${reason} The end of ${logFile}: ${tail}`, { cause });
};
