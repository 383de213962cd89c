import { SlipwayError } from "@slipway/kernel";
import { UsageError } from "../usage-error.ts";
import { type DetectedSource, detectSource } from "./detect-source.ts";

export interface SourceWishes {
  readonly strategy?: string;
  readonly builder?: string;
  readonly ref?: string;
  readonly contextDir?: string;
}

/** How an application is built: as it was said, and by its files where it was not. */
export const chooseSource = async (
  uri: string,
  wishes: SourceWishes,
  signal: AbortSignal,
  progress: (text: string) => void = () => {},
  detect: typeof detectSource = detectSource,
): Promise<DetectedSource> => {
  const { strategy, builder, ref, contextDir = "" } = wishes;
  if (strategy !== undefined && !["source", "docker"].includes(strategy)) {
    throw new UsageError(`--strategy=${strategy} is unknown: use source or docker.`);
  }
  if (strategy === "docker") {
    if (builder) throw new UsageError("A Dockerfile names its own base image: leave --builder out.");
    return { strategy: "docker", why: "you said so" };
  }
  if (builder) return { strategy: "source", builder, why: "you named the builder" };
  progress(uri);
  const detected = await detect(uri, ref, contextDir, strategy === "source", signal);
  if (detected !== undefined) return detected;
  throw new SlipwayError(
    "Invalid",
    `Nothing in ${uri} says how to build it: name a builder with --builder, or add a Dockerfile.`,
  );
};
