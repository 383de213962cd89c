import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SlipwayError } from "@slipway/kernel";
import { startTestPostgres, type TestPostgres } from "@slipway/testkit";
import { CONTRACT_TYPES, collect, event, META } from "./contract/harness.ts";
import { PostgresEventLog } from "./postgres.ts";
import { runSql } from "./run-sql.ts";

const disk = mkdtempSync(join(tmpdir(), "slipway-disk-"));
let postgres: TestPostgres;
beforeAll(async () => {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=192m,mode=0755", "tmpfs", disk]);
  postgres = await startTestPostgres({ folder: disk, settings: { max_wal_size: "48MB", min_wal_size: "32MB" } });
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  execFileSync("umount", [disk]);
  rmSync(disk, { recursive: true });
});

describe("a full disk", () => {
  it("makes appends fail as Transient without a trace, and is no obstacle once there is room again", async () => {
    const { serviceUrl } = await postgres.createDatabase();
    const log = new PostgresEventLog({ url: serviceUrl, knownTypes: CONTRACT_TYPES, patienceMs: 5_000 });
    // A fresh WAL segment, so that the table is what runs out of room.
    await runSql(postgres.adminUrl, "select pg_switch_wal()");
    await runSql(postgres.adminUrl, "checkpoint");
    const { bavail, bsize } = statfsSync(disk);
    const ballast = join(disk, "ballast");
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 2 * 1024 * 1024));

    const big = () => event("PodCreated", { noise: randomBytes(120_000).toString("base64") });
    let refused: { error: SlipwayError; batch: Parameters<PostgresEventLog["append"]>[0] } | undefined;
    let stored = 0;
    while (refused === undefined) {
      const batch = [
        { stream: "pod/demo/a", expected: stored, events: [big()] },
        { stream: "pod/demo/b", expected: stored, events: [event()] },
      ];
      await log.append(batch, META).then(
        () => stored++,
        (error: SlipwayError) => {
          refused = { error, batch };
        },
      );
    }
    expect(refused.error).toMatchObject({ code: "LogFull", class: "Transient", retryAfterMs: 5_000 });
    expect(await log.head()).toBe(2 * stored);

    rmSync(ballast);
    expect(await log.append(refused.batch, META)).toMatchObject({ position: 2 * stored + 2, duplicate: false });
    const all = await collect(log.read(1));
    expect(all.map(({ position }) => position)).toEqual(Array.from({ length: 2 * stored + 2 }, (_, i) => i + 1));
    await log.close();
  }, 60_000);
});
