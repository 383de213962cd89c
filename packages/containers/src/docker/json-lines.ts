/** Splits a stream of JSON values, one a line, as the engine sends progress and events. A broken last line is dropped. */
export async function* jsonLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", start)) {
      const line = rest.slice(start, end).trim();
      start = end + 1;
      if (line !== "") yield JSON.parse(line) as unknown;
    }
    rest = rest.slice(start);
  }
  if (rest.trim().endsWith("}")) yield JSON.parse(rest) as unknown;
}
