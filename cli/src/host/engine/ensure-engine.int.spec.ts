import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";
import { engineFolder, isAlive, readEngineRecord } from "./engine-record.ts";
import { ensureEngine } from "./ensure-engine.ts";
import { purgeEngine, stopEngine } from "./stop-engine.ts";

/** `none` would not do: an engine that is told so deletes the bridge of the host's own engine. */
const BRIDGE = `swe${process.pid}`;

/** An engine beside the host's own, which touches neither its networks nor its rules. */
const ASIDE = {
  networks: false,
  args: [`--bridge=${BRIDGE}`, "--iptables=false", "--ip-forward=false", "--ip-masq=false"],
  log: () => {},
};

describe("an engine of our own", () => {
  let home: string;
  let socketPath: string;
  beforeAll(async () => {
    await runCommand("ip", ["link", "add", BRIDGE, "type", "bridge"]);
    await runCommand("ip", ["address", "add", "198.18.250.1/24", "dev", BRIDGE]);
  });
  afterAll(() => runCommand("ip", ["link", "delete", BRIDGE]));
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "slipway-engine-"));
    socketPath = join(home, "docker.sock");
  });
  afterEach(async () => {
    await purgeEngine(home, () => {});
    await rm(home, { recursive: true, force: true });
  });

  it("is started where none answers, found the second time, and gone without a trace after the purge", async () => {
    const options = { ...ASIDE, home, socketPath };
    const started = await ensureEngine(options);
    expect(started).toMatchObject({ how: "slipway", version: expect.stringMatching(/^\d+\.\d+/) });
    expect(await ensureEngine(options)).toEqual({ ...started, how: "found" });
    const record = await readEngineRecord(home);
    expect(record && (await isAlive(record))).toBe(true);
    await purgeEngine(home, () => {});
    expect(record && (await isAlive(record))).toBe(false);
    expect(existsSync(engineFolder(home))).toBe(false);
  }, 60_000);

  it("is started again with its data after it was stopped", async () => {
    const options = { ...ASIDE, home, socketPath };
    await ensureEngine(options);
    const first = await readEngineRecord(home);
    expect(await stopEngine(home)).toBe(true);
    expect(await stopEngine(home)).toBe(false);
    expect(await ensureEngine(options)).toMatchObject({ how: "slipway" });
    expect((await readEngineRecord(home))?.pid).not.toBe(first?.pid);
  }, 60_000);

  it("that cannot start says why, with the last line of its log", async () => {
    const starting = ensureEngine({ ...ASIDE, args: ["--no-such-flag"], home, socketPath });
    await expect(starting).rejects.toMatchObject({
      code: "StartFailed",
      message: expect.stringMatching(/ended at once: .*(?:no-such-flag|--help).*dockerd\.log/s),
    });
  }, 60_000);

  it("is not taken for ours when its process number belongs to somebody else now", async () => {
    await ensureEngine({ ...ASIDE, home, socketPath });
    const file = join(engineFolder(home), "engine.json");
    const record = await readFile(file, "utf8");
    await writeFile(file, JSON.stringify({ ...JSON.parse(record), pid: process.pid }));
    expect(await stopEngine(home)).toBe(false);
    await writeFile(file, record);
  }, 60_000);
});
