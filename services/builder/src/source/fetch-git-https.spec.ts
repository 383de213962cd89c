import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitHttpsServer, startGitHttpsServer } from "../testing/git-https-server.ts";
import { testRepository } from "../testing/test-repository.ts";
import { fetchGit } from "./fetch-git.ts";
import { gitEnvironment } from "./git-environment.ts";
import { parseGitUrl } from "./git-url.ts";

describe("fetching from git over https", () => {
  let top: string;
  let server: GitHttpsServer;
  let folders = 0;

  beforeAll(async () => {
    top = mkdtempSync(join(tmpdir(), "fetch-https-"));
    testRepository(join(top, "work")).commit({ file: "text" });
    execFileSync("git", ["clone", "-q", "--mirror", join(top, "work"), join(top, "served/app.git")]);
    server = await startGitHttpsServer(join(top, "tls"), join(top, "served"));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(top, { recursive: true });
  });

  const fetch = async (url: string, trusted: boolean): Promise<string> => {
    const env = await gitEnvironment({
      home: join(top, "home"),
      knownHosts: join(top, "known"),
      allowed: ["https"],
      buildEnv: {},
      ...(trusted && { caBundle: server.caFile }),
    });
    const folder = join(top, `checkout-${folders++}`);
    await fetchGit({
      source: parseGitUrl(url),
      ref: "",
      folder,
      env,
      onLine: () => {},
      signal: new AbortController().signal,
    });
    return folder;
  };
  const withLogin = (login: string) => `${server.url.replace("https://", `https://${login}@`)}/locked/app.git`;

  it("trusts the certificates of the CA bundle, and no others", async () => {
    expect(existsSync(join(await fetch(`${server.url}/open/app.git`, true), "file"))).toBe(true);
    await expect(fetch(`${server.url}/open/app.git`, false)).rejects.toThrow("is not trusted: add its authority");
  });

  it("logs in with what the address holds, and asks nobody", async () => {
    expect(existsSync(join(await fetch(withLogin("joe:hunter22"), true), "file"))).toBe(true);
    await expect(fetch(`${server.url}/locked/app.git`, true)).rejects.toThrow("asks for credentials");
    await expect(fetch(withLogin("joe:wrong-password"), true)).rejects.toThrow(
      /https:\/\/\*\*\*@127.*refuses those it has/,
    );
  });

  it("says when there is no repository", async () => {
    await expect(fetch(`${server.url}/open/none.git`, true)).rejects.toThrow("There is no git repository at");
  });
});
