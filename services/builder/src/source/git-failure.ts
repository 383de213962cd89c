import { BuildFailure, diskFull, saysDiskFull } from "../build/build-failure.ts";

/** What git said when it failed, in the words of its C locale, and what that means to the build's owner. */
const MEANINGS: readonly {
  readonly pattern: RegExp;
  readonly message: (match: RegExpExecArray, url: string) => string;
}[] = [
  {
    pattern: /Could not resolve (?:host|hostname):? "?([^\s:"]+)|unable to look up ([^\s]+) /i,
    message: (match) =>
      `The host "${match[1] ?? match[2]}" of the repository cannot be found: check spec.source.git.uri.`,
  },
  {
    pattern:
      /Failed to connect|Connection refused|Connection timed out|Couldn't connect|Network is unreachable|No route to host|Connection reset|Operation timed out|Operation too slow/i,
    message: (_, url) => `The host of the repository "${url}" cannot be reached.`,
  },
  {
    pattern:
      /SSL certificate problem|certificate verif|server certificate|SSL_connect|gnutls_handshake|unable to get local issuer/i,
    message: (_, url) =>
      `The certificate of the repository "${url}" is not trusted: add its authority to the platform's CA bundle.`,
  },
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    message: (_, url) => `The ssh host key of the repository "${url}" is not the one known from before.`,
  },
  {
    pattern:
      /Authentication failed|could not read Username|could not read Password|Permission denied|The requested URL returned error: 40[13]|terminal prompts disabled|invalid credentials/i,
    message: (_, url) =>
      `The repository "${url}" asks for credentials that the build does not have, or refuses those it has.`,
  },
  {
    pattern: /transport '([^']+)' not allowed/i,
    message: (match) => `Repositories by ${match[1]}:// are switched off on this platform.`,
  },
  {
    pattern:
      /repository .*not found|does not appear to be a git repository|does not exist|The requested URL returned error: 404|not a git repository|no such project|Project not found|not valid: is this a git repository/i,
    message: (_, url) => `There is no git repository at "${url}": check spec.source.git.uri.`,
  },
];

/** True when the repository answered, but has no such ref. */
export const saysMissingRef = (output: string): boolean =>
  /couldn't find remote ref|Remote branch .* not found|not our ref|no such remote ref|unadvertised object|did not match any/i.test(
    output,
  );

/** True when the server cannot cut off the history (a plain web server). */
export const saysNoShallow = (output: string): boolean =>
  /does not support shallow|shallow.*not supported/i.test(output);

/** Turns git's output into the failure that its owner sees. `url` is already masked. */
export const gitFailure = (output: string, url: string): BuildFailure => {
  if (saysDiskFull(output)) return diskFull();
  for (const { pattern, message } of MEANINGS) {
    const match = pattern.exec(output);
    if (match !== null) return new BuildFailure("FetchSourceFailed", message(match, url));
  }
  const last =
    output
      .trim()
      .split("\n")
      .findLast((line) => /^(fatal|error):/.test(line)) ??
    output.trim().split("\n").at(-1) ??
    "";
  return new BuildFailure(
    "FetchSourceFailed",
    `The source could not be fetched from "${url}": ${last.replace(/^(fatal|error): /, "")}`,
  );
};

/** The failure for a ref that the repository does not have. */
export const missingRef = (ref: string, url: string): BuildFailure =>
  new BuildFailure(
    "FetchSourceFailed",
    ref === ""
      ? `The repository "${url}" is empty: push a commit first.`
      : `The ref "${ref}" was not found in the repository "${url}": check spec.source.git.ref.`,
  );
