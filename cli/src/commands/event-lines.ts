import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Event } from "@slipway/proto";

/** One event as one line: when, where in the log, what, of which object, the fact, by whom. */
export const eventLine = (event: Event): string => {
  const time = event.recordedAt ? timestampDate(event.recordedAt).toISOString().slice(11, 23) : "";
  const detail = detailOf((event.data ?? {}) as Record<string, unknown>);
  return `${String(event.position).padStart(6)}  ${time}  ${event.type.padEnd(24)} ${event.stream}${detail ? `  ${detail}` : ""}  (${event.actor})`;
};

/** The fields that tell the story, in the order in which a reader wants them. */
const TOLD = [
  "node",
  "container",
  "reason",
  "message",
  "exitCode",
  "podIP",
  "restartCount",
  "replicas",
  "stage",
  "builder",
  "tag",
  "image",
  "imageDigest",
  "holder",
];

const detailOf = (data: Readonly<Record<string, unknown>>): string =>
  TOLD.flatMap((field) => {
    const value = data[field];
    if (value === undefined || value === "" || typeof value === "object") return [];
    const text = String(value).split("\n")[0] ?? "";
    return [`${field}=${text.length > 90 ? `${text.slice(0, 90)}…` : text}`];
  }).join(" ");
