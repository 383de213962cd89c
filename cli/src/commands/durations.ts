import { InvalidArgumentError } from "commander";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Reads `90`, `30s`, `5m`, `2h` or `1d` of the command line, in seconds. */
export const parseSeconds = (text: string): number => {
  const match = /^(\d{1,9})([smhd])?$/.exec(text);
  if (match === null) throw new InvalidArgumentError("It takes a duration: 30s, 5m, 2h or 1d.");
  return Number(match[1]) * SECONDS[(match[2] ?? "s") as keyof typeof SECONDS];
};
