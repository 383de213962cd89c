import type { ImageInfo } from "../image.ts";

/** The few Dockerfile lines that an import takes, as an image's configuration. */
export const configOfChanges = (changes: readonly string[]): Partial<ImageInfo> => {
  const labels: Record<string, string> = {};
  const env: Record<string, string> = {};
  const exposedPorts: string[] = [];
  let more: Partial<ImageInfo> = {};
  for (const change of changes) {
    const space = change.indexOf(" ");
    const [instruction, value] = [change.slice(0, space), change.slice(space + 1)];
    const [key = "", text = ""] = value.split("=");
    if (instruction === "LABEL") labels[key] = text;
    else if (instruction === "ENV") env[key] = text;
    else if (instruction === "EXPOSE") exposedPorts.push(`${value}/tcp`);
    else if (instruction === "CMD") more = { ...more, cmd: JSON.parse(value) as string[] };
    else if (instruction === "ENTRYPOINT") more = { ...more, entrypoint: JSON.parse(value) as string[] };
    else if (instruction === "USER") more = { ...more, user: value };
    else if (instruction === "WORKDIR") more = { ...more, workingDir: value };
    else if (instruction === "STOPSIGNAL") more = { ...more, stopSignal: value };
  }
  return { labels, env, exposedPorts, ...more };
};
