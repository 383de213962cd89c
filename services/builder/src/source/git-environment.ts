import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shellQuote } from "../build/handed-in.ts";
import type { GitProtocol } from "./git-url.ts";

interface GitEnvironmentOptions {
  /** A folder that is git's home for this build alone. */
  readonly home: string;
  /** Where ssh remembers the hosts it has met, over builds. */
  readonly knownHosts: string;
  readonly allowed: readonly GitProtocol[];
  /** Where programs are looked for. Default: the usual folders. */
  readonly path?: string;
  /** PEM file of authorities that https trusts; the host's own when absent. */
  readonly caBundle?: string;
  /** The private key for ssh; without one no key of this host is tried. */
  readonly sshKey?: string;
  /** What builds are handed; only the proxy settings among it reach git. */
  readonly buildEnv: Readonly<Record<string, string>>;
}

const PROXIES = /^(https?|all|no)_proxy$/i;

/**
 * The whole environment that git runs in: nothing of the host's settings, no questions asked, no transport that the
 * platform does not allow, messages in one language. An unknown ssh host is trusted the first time it is met.
 */
export const gitEnvironment = async (options: GitEnvironmentOptions): Promise<Record<string, string>> => {
  await mkdir(options.home, { recursive: true });
  // A repository of another user on this host may be read: whether file:// is allowed at all was decided before.
  await writeFile(join(options.home, ".gitconfig"), "[safe]\n\tdirectory = *\n");
  return {
    PATH: options.path ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: options.home,
    XDG_CONFIG_HOME: join(options.home, ".config"),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "true",
    GIT_ALLOW_PROTOCOL: options.allowed.join(":"),
    GIT_SSH_COMMAND: [
      "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o ConnectTimeout=20 -o IdentitiesOnly=yes",
      // ssh looks for keys in the home of its user, whatever HOME says, unless it is given one.
      `-o IdentityFile=${shellQuote(options.sshKey ?? "/dev/null")}`,
      `-o UserKnownHostsFile=${shellQuote(options.knownHosts)}`,
    ].join(" "),
    GIT_HTTP_LOW_SPEED_LIMIT: "1000",
    GIT_HTTP_LOW_SPEED_TIME: "60",
    ...(options.caBundle === undefined ? {} : { GIT_SSL_CAINFO: options.caBundle }),
    ...Object.fromEntries(Object.entries(options.buildEnv).filter(([name]) => PROXIES.test(name))),
  };
};
