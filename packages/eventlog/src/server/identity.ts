import { chownSync, existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * As whom Postgres runs. It refuses to be root, so root has to become somebody else:
 * - `self`: we are not root; nothing to do.
 * - `user`: as the user `postgres` (or `nobody`), when that user can enter the folders concerned.
 * - `namespace`: in a user namespace that shows root as that user. Files stay root's, no capability is left. For
 *   folders that only root may enter, such as `/root`.
 */
export type Identity =
  | { readonly kind: "self" }
  | { readonly kind: "user" | "namespace"; readonly uid: number; readonly gid: number };

/** Chooses for a cluster in `dataDir` run from `program`; an existing cluster goes on under the owner it has. */
export const chooseIdentity = (dataDir: string, program: string): Identity => {
  if (process.getuid?.() !== 0) return { kind: "self" };
  const user = findUser(["postgres", "nobody"]);
  if (existsSync(dataDir)) {
    const { uid, gid } = statSync(dataDir);
    return uid === 0 ? { kind: "namespace", ...user } : { kind: "user", uid, gid };
  }
  const enterable = mayEnter(dirname(dataDir), user) && mayEnter(dirname(program), user);
  return { kind: enterable ? "user" : "namespace", ...user };
};

/** Hands a file or folder that we made to the one who will run Postgres. */
export const giveTo = (identity: Identity, path: string): void => {
  if (identity.kind === "user") chownSync(path, identity.uid, identity.gid);
};

/** The command line and spawn options that run `program` under this identity, with the same process id. */
export const runAs = (
  identity: Identity,
  program: string,
  args: readonly string[],
): { command: string; args: readonly string[]; options: { uid?: number; gid?: number; env: NodeJS.ProcessEnv } } => {
  // Nothing of our own environment, which may hold secrets, and messages in a language that we can read.
  const env = { PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C" };
  if (identity.kind === "namespace") {
    const map = [`--map-user=${identity.uid}`, `--map-group=${identity.gid}`];
    return { command: "unshare", args: ["--user", ...map, "--", program, ...args], options: { env } };
  }
  const options = identity.kind === "user" ? { uid: identity.uid, gid: identity.gid, env } : { env };
  return { command: program, args, options };
};

const findUser = (names: readonly string[]): { uid: number; gid: number } => {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of names) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65_534, gid: 65_534 };
};

/** True when every folder from the root down to `folder` lets this user pass. A folder not made yet is ours to open. */
const mayEnter = (folder: string, user: { uid: number; gid: number }): boolean => {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid, gid } = statSync(at);
      const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    }
    if (at === dirname(at)) return true;
  }
};
