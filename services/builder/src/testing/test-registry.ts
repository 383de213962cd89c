import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A registry with a login, on a free port of this machine. */
export interface TestRegistry {
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** As any OCI client would ask. */
  manifest(repository: string, reference: string): Promise<{ readonly status: number; readonly digest: string }>;
  stop(): Promise<void>;
}

/** `owner` with the password `secret`, as bcrypt. */
const HTPASSWD = "owner:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";
const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
};

export const startTestRegistry = async (): Promise<TestRegistry> => {
  const folder = await mkdtemp(join(tmpdir(), "builder-registry-"));
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const [username, password] = ["owner", "secret"];
  await writeFile(join(folder, "htpasswd"), HTPASSWD);
  await writeFile(
    join(folder, "config.yml"),
    `version: 0.1\nstorage: { filesystem: { rootdirectory: "${folder}/data" } }\nhttp: { addr: "${host}" }\n` +
      `auth: { htpasswd: { realm: spec, path: "${folder}/htpasswd" } }\n`,
  );
  const registry: ChildProcess = spawn("docker-registry", ["serve", join(folder, "config.yml")], { stdio: "ignore" });
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const answers = () =>
    fetch(`http://${host}/v2/`).then(
      ({ status }) => status === 401,
      () => false,
    );
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    host,
    username,
    password,
    manifest: async (repository, reference) => {
      const response = await fetch(`http://${host}/v2/${repository}/manifests/${reference}`, {
        method: "HEAD",
        headers: { authorization, accept: MANIFEST },
      });
      return { status: response.status, digest: response.headers.get("docker-content-digest") ?? "" };
    },
    stop: async () => {
      const ended = once(registry, "exit");
      registry.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
