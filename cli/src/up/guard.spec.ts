import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnGuarded } from "./guard.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guard-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script under guard to its end; `$0` is a file that counts its runs, `$1` the guard's process id. */
const guarded = async (script: string) => {
  const runs = join(folder, "runs");
  const log = openSync(join(folder, "log"), "a");
  const guard = spawnGuarded(["/bin/sh", "-c", `echo $1 >> "$0"; ${script}`, runs], log);
  closeSync(log);
  const [code] = await once(guard, "exit");
  return { code, pid: guard.pid, runs: readFileSync(runs, "utf8").trim().split("\n").map(Number) };
};

const SECOND = '[ $(wc -l < "$0") -ge 2 ]';

describe("a guard", () => {
  it("ends when its command ended well", async () => {
    expect(await guarded("exit 0")).toMatchObject({ code: 0, runs: [expect.any(Number)] });
  });

  it("ends with the code of a command that cannot start", async () => {
    expect(await guarded("exit 3")).toMatchObject({ code: 3, runs: [expect.any(Number)] });
  });

  it("runs a killed command again, and tells each run who guards it", async () => {
    const { code, pid, runs } = await guarded(`${SECOND} || kill -9 $$`);
    expect({ code, runs }).toEqual({ code: 0, runs: [pid, pid] });
  });

  it("does not give up a command that ran before it failed", async () => {
    const { code, runs } = await guarded(`[ $(wc -l < "$0") -ge 3 ] && exit 0; ${SECOND} && exit 1; kill -9 $$`);
    expect({ code, runs: runs.length }).toEqual({ code: 0, runs: 3 });
  });
});
