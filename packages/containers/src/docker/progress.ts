import { SlipwayError } from "@slipway/kernel";
import type { Progress } from "../image.ts";
import { jsonLines } from "./json-lines.ts";

/** One value of the engine's progress stream, as far as we read it. */
export interface ProgressMessage {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string; readonly code?: number };
  readonly aux?: { readonly ID?: string; readonly Digest?: string; readonly Size?: number };
}

/** A failure that the engine tells within a stream that began with 200. */
export class StreamedFailure extends Error {
  readonly exitCode: number | undefined;

  constructor(message: string, exitCode: number | undefined) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The messages of a progress stream; throws `StreamedFailure` at the one that tells a failure. */
export async function* progressMessages(body: AsyncIterable<Buffer>): AsyncGenerator<ProgressMessage> {
  for await (const value of jsonLines(body)) {
    const message = value as ProgressMessage;
    if (message.error !== undefined || message.errorDetail !== undefined) {
      throw new StreamedFailure(message.errorDetail?.message ?? message.error ?? "unknown", message.errorDetail?.code);
    }
    yield message;
  }
}

export const toProgress = (message: ProgressMessage): Progress | undefined =>
  message.status === undefined
    ? undefined
    : {
        status: message.status,
        ...(message.id === undefined ? {} : { id: message.id }),
        ...(message.progressDetail?.current === undefined ? {} : { currentBytes: message.progressDetail.current }),
        ...(message.progressDetail?.total === undefined ? {} : { totalBytes: message.progressDetail.total }),
      };

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, "DiskFull"],
  [/invalid reference format|must be lowercase|invalid tag/i, "InvalidName"],
  [/manifest unknown|not found|does not exist|no such image/i, "NotFound"],
  [/unauthorized|authentication required|access denied|denied:|forbidden|no basic auth/i, "Unauthorized"],
  [
    /dial |lookup |no such host|timeout|timed out|connection|refused|reset|unreachable|TLS|x509|EOF|http: server|deadline/i,
    "Network",
  ],
];

/** Why a registry and the engine could not agree, by the words that both use. */
export const transferReason = (text: string): string =>
  REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? "Unknown";

export const transferFailure = (
  code: "ImagePullFailed" | "ImagePushFailed",
  ref: string,
  text: string,
  cause: unknown,
): SlipwayError => {
  const verb = code === "ImagePullFailed" ? "pulled" : "pushed";
  const fields = { image: ref, reason: transferReason(text) };
  return new SlipwayError(code, `The image "${ref}" could not be ${verb}: ${text}.`, {
    cause,
    fields,
    retryAfterMs: 10_000,
  });
};
