import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { guarded } from "./errors.ts";
import { requestStream, uploadStream } from "./request.ts";

/** The engine unpacks while it reads; its answer comes when the last byte is in. */
export const putArchive = (
  docker: Docker,
  id: string,
  path: string,
  tar: Readable | Buffer,
  signal: AbortSignal | undefined,
): Promise<void> =>
  guarded({ kind: "container", name: id }, signal, async () => {
    const answer = await uploadStream(docker, {
      method: "PUT",
      path: `/containers/${id}/archive`,
      query: { path, noOverwriteDirNonDir: false },
      body: tar,
      signal,
    });
    answer.resume();
  });

export const getArchive = (
  docker: Docker,
  id: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Readable> =>
  guarded({ kind: "container", name: id }, signal, () =>
    requestStream(docker, { method: "GET", path: `/containers/${id}/archive`, query: { path }, signal }),
  );
