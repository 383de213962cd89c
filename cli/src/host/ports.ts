import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { SlipwayError } from "@slipway/kernel";

/** A port that the platform wants to listen on. */
export interface WantedPort {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** What for, as "the API". */
  readonly what: string;
  /** The setting that chooses another one, as "--api-port" or "SLIPWAY_API_PORT". */
  readonly setting?: string;
}

/** Who listens on a port, as far as this process may see it. */
export interface PortHolder {
  readonly pid: number;
  readonly program: string;
}

/** Throws `PortTaken` for the first wanted port that somebody holds, with the holder's name and the way out. */
export const requireFreePorts = async (wanted: readonly WantedPort[]): Promise<void> => {
  for (const each of wanted) {
    const failure = await tryListen(each.port, each.host ?? "127.0.0.1");
    if (failure !== undefined) throw portTaken(each, failure, await holderOf(each.port));
  }
};

export const isPortFree = async (port: number, host = "127.0.0.1"): Promise<boolean> =>
  (await tryListen(port, host)) === undefined;

/** Listening is the only question with a sure answer; it answers the error's code. */
const tryListen = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });

/** The process that listens on a TCP port, `undefined` when there is none or it is not ours to see. */
export const holderOf = async (port: number): Promise<PortHolder | undefined> => {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const links = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const link of links) {
      const target = await readlink(`/proc/${pid}/fd/${link}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) return { pid: Number(pid), program: await programOf(pid) };
    }
  }
  return undefined;
};

const programOf = async (pid: string): Promise<string> =>
  (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim() || "a process";

/** The kernel's table: local address and port in hexadecimal in the second column, state 0A listens, inode is the tenth. */
const listeningInodes = async (port: number): Promise<Set<string>> => {
  const inodes = new Set<string>();
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (await readFile(table, "utf8").catch(() => "")).split("\n").slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(wanted) && columns[3] === "0A" && columns[9] !== undefined) inodes.add(columns[9]);
    }
  }
  return inodes;
};

const portTaken = (wanted: WantedPort, failure: string, holder: PortHolder | undefined): SlipwayError => {
  const { port, what, setting, host = "127.0.0.1" } = wanted;
  const another = setting === undefined ? "" : `, or choose another port with ${setting}`;
  const fields = { port, host, ...(holder === undefined ? {} : { ...holder }) };
  if (failure === "EACCES") {
    return new SlipwayError(
      "PortTaken",
      `Port ${port} for ${what} may only be used by root: start Slipway as root${another}.`,
      { fields },
    );
  }
  if (failure === "EADDRNOTAVAIL") {
    return new SlipwayError(
      "PortTaken",
      `${host} is not an address of this host, so ${what} cannot listen on ${host}:${port}: choose one that is.`,
      { fields },
    );
  }
  const who = holder === undefined ? "another process" : `${holder.program} (process ${holder.pid})`;
  return new SlipwayError("PortTaken", `Port ${port} for ${what} is taken by ${who}: stop it${another}.`, { fields });
};
