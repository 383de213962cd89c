import type Docker from "dockerode";
import type { TransferOptions } from "../image.ts";
import { withTag } from "../reference.ts";
import { engineReply, toEngineError } from "./errors.ts";
import { progressMessages, StreamedFailure, toProgress, transferFailure } from "./progress.ts";

/** Pulls one tag or digest; never all tags of a repository. */
export const pull = async (docker: Docker, ref: string, options: TransferOptions): Promise<void> => {
  const name = withTag(ref);
  await transfer("ImagePullFailed", name, options, async () => {
    const body = await docker.createImage(options.auth === undefined ? {} : { ...options.auth }, {
      fromImage: name,
      ...abortOption(options),
    });
    for await (const message of progressMessages(body as unknown as AsyncIterable<Buffer>)) report(message, options);
  });
};

/** Pushes one tag. The digest comes at the end, in the stream's last but one message. */
export const push = async (
  docker: Docker,
  ref: string,
  options: TransferOptions,
): Promise<{ readonly digest: string; readonly sizeBytes: number }> => {
  const { repository, tag } = splitTag(withTag(ref));
  return transfer("ImagePushFailed", ref, options, async () => {
    const body = await docker.getImage(repository).push({
      tag,
      // The engine wants the header even for a registry that asks for no login.
      authconfig: options.auth ?? {},
      ...abortOption(options),
    });
    let pushed: { digest: string; sizeBytes: number } | undefined;
    for await (const message of progressMessages(body as unknown as AsyncIterable<Buffer>)) {
      report(message, options);
      if (message.aux?.Digest !== undefined) pushed = { digest: message.aux.Digest, sizeBytes: message.aux.Size ?? 0 };
    }
    if (pushed === undefined) throw new StreamedFailure("the engine told no digest", undefined);
    return pushed;
  });
};

/** The engine says so within the stream, not as a 404. */
const NOT_HERE = /does not exist locally/i;

const transfer = async <T>(
  code: "ImagePullFailed" | "ImagePushFailed",
  ref: string,
  { signal }: TransferOptions,
  run: () => Promise<T>,
): Promise<T> => {
  signal?.throwIfAborted();
  try {
    return await run();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof StreamedFailure && NOT_HERE.test(error.message)) {
      throw toEngineError({ statusCode: 404, message: `no such image: ${ref}` }, { kind: "image", name: ref });
    }
    if (error instanceof StreamedFailure) throw transferFailure(code, ref, error.message, error);
    const { status, text } = engineReply(error);
    throw status === undefined
      ? toEngineError(error, { kind: "image", name: ref })
      : transferFailure(code, ref, text, error);
  }
};

const report = (message: Parameters<typeof toProgress>[0], { onProgress }: TransferOptions): void => {
  const progress = onProgress && toProgress(message);
  if (progress !== undefined) onProgress?.(progress);
};

const abortOption = ({ signal }: TransferOptions) => (signal === undefined ? {} : { abortSignal: signal });

const splitTag = (name: string): { repository: string; tag: string } => {
  const colon = name.lastIndexOf(":");
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
};
