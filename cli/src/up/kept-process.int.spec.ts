import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@slipway/testkit";
import { isPortFree } from "../host/ports.ts";
import { KeptProcess } from "./kept-process.ts";
import type { Part } from "./parts.ts";

let folder: string;
const kept: KeptProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
});

afterEach(async () => {
  for (const each of kept.splice(0)) await each.stop();
  rmSync(folder, { recursive: true, force: true });
});

const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    if (await isPortFree(port)) return port;
  }
};

/** A small server; `script` runs before it listens. */
const part = (port: number, script = ""): Part => ({
  name: "toy",
  command: process.execPath,
  args: ["-e", `${script}; require("node:http").createServer((_q, a) => a.end("ok")).listen(${port}, "127.0.0.1")`],
  env: {},
  readyUrl: `http://127.0.0.1:${port}/`,
  stopMs: 2_000,
});

const keep = (toy: Part): KeptProcess => {
  const process_ = new KeptProcess({
    part: toy,
    logFile: join(folder, "toy.log"),
    recordFile: join(folder, "toy.json"),
    random: () => 0,
    probeTimeoutMs: 100,
  });
  kept.push(process_);
  return process_;
};

describe("a kept process", () => {
  it("is ready when it answers, and ends when it is asked to", async () => {
    const port = await freePort();
    const toy = keep(part(port));
    await toy.start(10_000);
    expect(toy.state()).toMatchObject({ name: "toy", state: "ready", restarts: 0 });
    await toy.stop();
    expect(await isPortFree(port)).toBe(true);
    expect(toy.state().state).toBe("stopped");
  });

  it("comes back after it was killed, as another process", async () => {
    const toy = keep(part(await freePort()));
    await toy.start(10_000);
    const { pid } = toy.state();
    toy.kill();
    await eventually(() => (toy.state().restarts === 1 && toy.state().state === "ready") || undefined, 10_000);
    expect(toy.state().pid).not.toBe(pid);
  });

  it("starts one again that hangs", async () => {
    const toy = keep(part(await freePort()));
    await toy.start(10_000);
    const { pid = 0 } = toy.state();
    process.kill(pid, "SIGSTOP");
    await eventually(() => (toy.state().restarts === 1 && toy.state().state === "ready") || undefined, 15_000);
    expect(toy.state().pid).not.toBe(pid);
  }, 20_000);

  it("starts one again whose state was taken away under it", async () => {
    const stateFolder = join(folder, "state");
    const toy = keep({
      ...part(await freePort(), `require("node:fs").mkdirSync(${JSON.stringify(stateFolder)}, { recursive: true })`),
      stateFolder,
    });
    await toy.start(10_000);
    rmSync(stateFolder, { recursive: true });
    await eventually(() => (toy.state().restarts === 1 && toy.state().state === "ready") || undefined, 15_000);
    expect(existsSync(stateFolder)).toBe(true);
  }, 20_000);

  it("says its last words when it cannot start", async () => {
    const toy = keep(part(1, `console.error("the database is on fire"); process.exit(3)`));
    await expect(toy.start(20_000)).rejects.toMatchObject({
      code: "StartFailed",
      message: expect.stringContaining("toy did not start: the database is on fire"),
    });
    expect(readFileSync(join(folder, "toy.log"), "utf8")).toContain("the database is on fire");
  });

  it("ends one that ignores the signal the hard way", async () => {
    const port = await freePort();
    const toy = keep(part(port, `process.on("SIGTERM", () => {})`));
    await toy.start(10_000);
    await toy.stop();
    expect(await isPortFree(port)).toBe(true);
  });

  it("ends what an earlier supervisor left before it starts its own", async () => {
    const port = await freePort();
    const left = keep(part(port));
    await left.start(10_000);
    const orphan = left.state().pid;
    const heir = keep(part(port));
    const starting = heir.start(10_000);
    // The dead supervisor would not start it again.
    await left.stop();
    await starting;
    expect(heir.state().pid).not.toBe(orphan);
    expect(heir.state().state).toBe("ready");
  });
});
