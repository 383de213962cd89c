import { timestampDate } from "@bufbuild/protobuf/wkt";
import { SlipwayError } from "@slipway/kernel";
import type { PodLogsRequest } from "@slipway/proto";

/** The moment from which lines are wanted; undefined: all. */
export const sinceOf = (
  { sinceTime, sinceSeconds }: Pick<PodLogsRequest, "sinceTime" | "sinceSeconds">,
  nowMs: number,
): Date | undefined => {
  if (sinceTime !== undefined && sinceSeconds !== undefined)
    throw refused("sinceTime", "may not be given with sinceSeconds");
  if (sinceSeconds !== undefined && sinceSeconds <= 0) throw refused("sinceSeconds", "must be greater than 0");
  if (sinceSeconds !== undefined) return new Date(nowMs - sinceSeconds * 1_000);
  return sinceTime === undefined ? undefined : timestampDate(sinceTime);
};

/** How many of the last lines are wanted; undefined: all. */
export const tailOf = ({ tailLines }: Pick<PodLogsRequest, "tailLines">): number | undefined => {
  if (tailLines !== undefined && tailLines < 0) throw refused("tailLines", "must be greater than or equal to 0");
  return tailLines;
};

const refused = (path: string, message: string): SlipwayError =>
  new SlipwayError("Invalid", `${path}: Invalid value: ${message}.`, { problems: [{ path, message }] });
