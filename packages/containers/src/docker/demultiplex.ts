/** One write of a process, as the engine frames it. */
export interface Frame {
  readonly stream: "stdout" | "stderr";
  readonly data: Buffer;
}

const HEADER_BYTES = 8;

/**
 * Takes the engine's framing apart: one byte of stream (1 stdout, 2 stderr), three of padding, four of length, then the
 * data. Headers and data may be cut anywhere between chunks.
 */
export async function* demultiplex(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let wanted = HEADER_BYTES;
  let stream: Frame["stream"] | undefined;
  for await (const chunk of chunks) {
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes < wanted) continue;
    let buffer = pending.length === 1 ? chunk : Buffer.concat(pending);
    while (buffer.length >= wanted) {
      const part = buffer.subarray(0, wanted);
      buffer = buffer.subarray(wanted);
      if (stream === undefined) {
        stream = part[0] === 2 ? "stderr" : "stdout";
        wanted = part.readUInt32BE(4);
      } else {
        if (part.length > 0) yield { stream, data: part };
        stream = undefined;
        wanted = HEADER_BYTES;
      }
    }
    pending = buffer.length === 0 ? [] : [buffer];
    pendingBytes = buffer.length;
  }
}

/** A terminal's output has no frames: all of it is stdout. */
export async function* unframed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  for await (const data of chunks) yield { stream: "stdout", data };
}
