import { BuildFailure } from "../build/build-failure.ts";

/** Labels that assemble wrote to `/tmp/.s2i/image_metadata.json`: `{"labels":[{"k":"v"}, …]}`. What else it holds means nothing. */
export const parseImageMetadata = (text: string): Record<string, string> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new BuildFailure("AssembleFailed", "assemble wrote a /tmp/.s2i/image_metadata.json that is not JSON.", {
      cause,
    });
  }
  const list = typeof parsed === "object" && parsed !== null && "labels" in parsed ? parsed.labels : undefined;
  const labels: Record<string, string> = {};
  for (const item of Array.isArray(list) ? list : []) {
    for (const [name, value] of Object.entries((item ?? {}) as Record<string, unknown>)) {
      if (typeof value === "string") labels[name] = value;
    }
  }
  return labels;
};

/** An engine keeps an image's labels in one document that everything reads; more than this is a mistake. */
const LARGEST_LABELS = 10_240;

/** Refuses labels that are too large together. */
export const checkLabels = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const bytes = Object.entries(labels).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (bytes <= LARGEST_LABELS) return labels;
  throw new BuildFailure(
    "AssembleFailed",
    `The image's labels take ${bytes} bytes; ${LARGEST_LABELS} are the most that is allowed.`,
  );
};
