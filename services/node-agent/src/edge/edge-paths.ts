import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the edge keeps its files. */
export interface EdgePaths {
  readonly config: string;
  readonly map: string;
  readonly pid: string;
  readonly socket: string;
}

/** A Unix socket's path holds no more, and HAProxy needs some of it for a temporary name. */
const MAX_SOCKET_PATH = 90;

export const edgePaths = (stateDir: string): EdgePaths => {
  const dir = join(stateDir, "edge");
  const socket = join(dir, "admin.sock");
  const short = join(tmpdir(), `slipway-edge-${createHash("sha256").update(dir).digest("hex").slice(0, 12)}.sock`);
  return {
    config: join(dir, "haproxy.cfg"),
    map: join(dir, "routes.map"),
    pid: join(dir, "haproxy.pid"),
    socket: socket.length <= MAX_SOCKET_PATH ? socket : short,
  };
};
