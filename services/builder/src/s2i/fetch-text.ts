/** A script is text; more than this is something else. */
const LARGEST_BYTES = 1_048_576;
const TIMEOUT_MS = 30_000;

/** Downloads a script; `undefined` when there is none. */
export const fetchText = async (url: string, signal: AbortSignal): Promise<string | undefined> => {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > LARGEST_BYTES) throw new Error("it is larger than 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};
