import { PassThrough, pipeline, type Readable } from "node:stream";
import { type Pack, pack } from "tar-stream";

/** A tar that is made while it is read. Whatever fails in `fill` breaks the stream; who destroys the stream ends `fill`. */
export const tarOf = (fill: (archive: Pack) => Promise<void>): Readable => {
  const archive = pack();
  const output = new PassThrough();
  pipeline(archive, output, () => {});
  fill(archive).then(
    () => archive.finalize(),
    (error: Error) => output.destroy(error),
  );
  return output;
};
