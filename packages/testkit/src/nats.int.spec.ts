import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { startTestNats } from "./nats.ts";

/** Whether the process lives (a zombie does not). */
const lives = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) Z /.test(stat);
};

const eventually = async (isSo: () => Promise<boolean>): Promise<void> => {
  for (const until = Date.now() + 10_000; !(await isSo()); ) {
    if (Date.now() > until) throw new Error("Not so within 10 s.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const folderOf = async (pid: number): Promise<string> => {
  const [, , config = ""] = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
  return config.replace(/\/nats\.conf$/, "");
};

describe("a NATS server for tests", () => {
  it("leaves neither process nor folder behind when it is stopped", async () => {
    const nats = await startTestNats();
    const { pid } = nats;
    const folder = await folderOf(pid);
    expect(existsSync(folder)).toBe(true);
    await nats.restart();
    expect(await lives(pid)).toBe(false);
    const { pid: second } = nats;
    await nats.stop();
    expect([await lives(second), existsSync(folder)]).toEqual([false, false]);
  });

  it("leaves nothing behind either when the process of the tests is killed", async () => {
    const script = `import { startTestNats } from ${JSON.stringify(new URL("./nats.ts", import.meta.url).href)};
      const nats = await startTestNats();
      process.stdout.write(String(nats.pid));
      setInterval(() => {}, 1_000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = await once(child.stdout, "data");
    const pid = Number(String(said));
    const folder = await folderOf(pid);
    expect([await lives(pid), existsSync(folder)]).toEqual([true, true]);
    child.kill("SIGKILL");
    await eventually(async () => !(await lives(pid)) && !existsSync(folder));
  });
});
