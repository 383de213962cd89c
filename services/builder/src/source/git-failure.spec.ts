import { gitFailure, saysMissingRef, saysNoShallow } from "./git-failure.ts";

// What git 2.39 prints for each (LC_ALL=C), the last lines.
describe("git's failures in a user's words", () => {
  it.each([
    ["fatal: unable to access 'https://no.such.host/x/': Could not resolve host: no.such.host", 'host "no.such.host"'],
    [
      "ssh: Could not resolve hostname no.such.host: Name or service not known\nfatal: Could not read from remote repository.",
      'host "no.such.host"',
    ],
    [
      "fatal: unable to access 'http://127.0.0.1:1/x/': Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server",
      "cannot be reached",
    ],
    ["ssh: connect to host 127.0.0.1 port 1: Connection refused", "cannot be reached"],
    [
      "fatal: unable to access 'https://h/x/': server certificate verification failed. CAfile: none CRLfile: none",
      "not trusted",
    ],
    ["fatal: unable to access 'https://h/x/': SSL certificate problem: self-signed certificate", "not trusted"],
    ["fatal: could not read Username for 'https://h': terminal prompts disabled", "asks for credentials"],
    ["git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.", "asks for credentials"],
    ["fatal: repository 'https://h/x/' not found", "no git repository at"],
    [
      "fatal: '/srv/none' does not appear to be a git repository\nfatal: Could not read from remote repository.",
      "no git repository at",
    ],
    ["fatal: transport 'file' not allowed", "Repositories by file:// are switched off"],
    ["Host key verification failed.", "host key"],
  ])("%j means %s", (output, expected) => {
    const failure = gitFailure(output, "https://h/x");
    expect(failure.reason).toBe("FetchSourceFailed");
    expect(failure.message).toContain(expected);
  });

  it("tells a full disk apart", () => {
    expect(gitFailure("fatal: write error: No space left on device", "u").reason).toBe("DiskFull");
  });

  it("passes on what it does not know", () => {
    expect(gitFailure("warning: x\nfatal: the moon is full\n", "u").message).toBe(
      'The source could not be fetched from "u": the moon is full',
    );
  });

  it("knows a missing ref and a server without shallow clones", () => {
    expect(saysMissingRef("fatal: couldn't find remote ref refs/heads/nope")).toBe(true);
    expect(saysMissingRef("fatal: remote error: upload-pack: not our ref 0123")).toBe(true);
    expect(saysMissingRef("fatal: repository not found")).toBe(false);
    expect(saysNoShallow("fatal: dumb http transport does not support shallow capabilities")).toBe(true);
  });
});
