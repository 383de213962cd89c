import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { runSql } from "@slipway/eventlog";
import { startTestPostgres } from "./postgres.ts";

describe("startTestPostgres", () => {
  it("gives each caller a migrated database of its own, and removes everything at the end", async () => {
    const postgres = await startTestPostgres();
    const [one, two] = await Promise.all([postgres.createDatabase(), postgres.createDatabase()]);
    expect(one.serviceUrl).not.toBe(two.serviceUrl);
    expect(await runSql(one.serviceUrl, "select slipway.read_head() as head")).toEqual([{ head: "0" }]);
    await runSql(one.ownerUrl, "create table mine ()");
    await expect(runSql(two.ownerUrl, "select from mine")).rejects.toMatchObject({ code: "42P01" });
    const [{ directory } = { directory: "" }] = await runSql<{ directory: string }>(
      postgres.adminUrl,
      "select current_setting('data_directory') as directory",
    );
    expect(existsSync(directory)).toBe(true);
    await postgres.stop();
    expect(existsSync(dirname(directory))).toBe(false);
  }, 30_000);

  it("leaves neither process nor folder behind when its process is killed", async () => {
    const script = `
      import { startTestPostgres } from "${new URL("./postgres.ts", import.meta.url).href}";
      import { runSql } from "@slipway/eventlog";
      const postgres = await startTestPostgres();
      const [row] = await runSql(postgres.adminUrl, "select current_setting('data_directory') as directory");
      console.log(row.directory);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [directory] = (await once(createInterface(child.stdout), "line")) as [string];
    const folder = dirname(directory);
    const pid = Number.parseInt(readFileSync(join(directory, "postmaster.pid"), "utf8"), 10);
    const gone = new Promise<void>((resolve) => {
      const watcher = watch(dirname(folder), () => {
        if (existsSync(folder)) return;
        watcher.close();
        resolve();
      });
    });
    child.kill("SIGKILL");
    await gone;
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  }, 30_000);
});
