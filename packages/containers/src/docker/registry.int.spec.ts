import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { delay } from "@slipway/kernel";
import type { ContractHarness } from "../contract-harness.ts";
import type { Progress } from "../image.ts";
import { dockerHarness } from "./contract-harness.ts";

/** `owner` with the password `secret`, as bcrypt. */
const HTPASSWD = "owner:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
};

describe("a registry with logins", () => {
  let use: ContractHarness;
  let folder: string;
  let registry: ChildProcess;
  let ref: string;
  const auth = { username: "owner", password: "secret" };

  beforeAll(async () => {
    use = await dockerHarness();
    folder = await mkdtemp(join(tmpdir(), "registry-"));
    const port = await freePort();
    ref = `127.0.0.1:${port}/${use.prefix}pushed:1`;
    await writeFile(join(folder, "htpasswd"), HTPASSWD);
    await writeFile(
      join(folder, "config.yml"),
      `version: 0.1\nstorage: { filesystem: { rootdirectory: "${folder}/data" } }\nhttp: { addr: "127.0.0.1:${port}" }\nauth: { htpasswd: { realm: spec, path: "${folder}/htpasswd" } }\n`,
    );
    registry = spawn("docker-registry", ["serve", join(folder, "config.yml")], { stdio: "ignore" });
    while (
      !(await fetch(`http://127.0.0.1:${port}/v2/`).then(
        ({ status }) => status === 401,
        () => false,
      ))
    )
      await delay(20);
    await use.engine.images.tag(use.image, ref);
  });

  afterAll(async () => {
    await use.tearDown();
    const ended = once(registry, "exit");
    registry.kill();
    await ended;
    await rm(folder, { recursive: true });
  });

  it("takes a push, whose digest then pulls", async () => {
    const { images } = use.engine;
    const progress: Progress[] = [];
    const { digest, sizeBytes } = await images.push(ref, { auth, onProgress: (step) => progress.push(step) });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(sizeBytes).toBeGreaterThan(0);
    expect(progress.some((step) => step.status === "Pushed")).toBe(true);
    await images.remove(ref);
    const byDigest = `${ref.slice(0, ref.lastIndexOf(":"))}@${digest}`;
    await images.pull(byDigest, { auth });
    expect((await images.inspect(byDigest)).repoDigests).toContain(byDigest);
    await images.pull(ref, { auth });
    expect((await images.inspect(ref)).repoDigests).toContain(byDigest);
  });

  it("refuses strangers and unknown names with their reasons", async () => {
    const { images } = use.engine;
    await expect(images.push(ref)).rejects.toMatchObject({
      code: "ImagePushFailed",
      fields: { reason: "Unauthorized" },
    });
    await expect(images.pull(ref, { auth: { ...auth, password: "wrong" } })).rejects.toMatchObject({
      code: "ImagePullFailed",
      fields: { reason: "Unauthorized" },
    });
    await expect(images.pull(`${ref}-no`, { auth })).rejects.toMatchObject({ fields: { reason: "NotFound" } });
  });
});
