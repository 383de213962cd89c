import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refusal } from "../contract/harness.ts";
import { runSql } from "../run-sql.ts";
import { type PostgresServer, type PostgresServerOptions, startPostgresServer } from "./server.ts";

let folder: string;
const running: PostgresServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-server-"));
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const start = async (options: Partial<PostgresServerOptions> = {}): Promise<PostgresServer> => {
  const server = await startPostgresServer({
    dataDir: join(folder, "data"),
    socketDir: join(folder, "run"),
    logFile: join(folder, "log"),
    ...options,
  } as PostgresServerOptions);
  running.push(server);
  return server;
};

const freePort = () =>
  new Promise<{ port: number; free: () => Promise<void> }>((resolve) => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ port, free: () => new Promise((done) => server.close(() => done())) });
    });
  });

describe("startPostgresServer", () => {
  it("finds everything as it was after a stop, with the same URL", async () => {
    const first = await start();
    await runSql(first.url, "create table kept (n int); insert into kept values (7)");
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await runSql(second.url, "select n from kept")).toEqual([{ n: 7 }]);
  }, 30_000);

  it("recovers what was committed before a crash", async () => {
    const first = await start();
    await runSql(first.url, "create table kept (n int); insert into kept values (7)");
    await first.kill();
    expect(await runSql((await start()).url, "select n from kept")).toEqual([{ n: 7 }]);
  }, 30_000);

  it("replaces a server that outlived whoever started it", async () => {
    const left = await start();
    const next = await start();
    expect((await left.exited).code).toBe(0);
    expect(next.pid).not.toBe(left.pid);
    expect(await runSql(next.url, "select 1 as n")).toEqual([{ n: 1 }]);
  }, 30_000);

  it("starts though its lock names a stranger's process", async () => {
    await (await start()).stop();
    writeFileSync(join(folder, "data", "postmaster.pid"), `${process.ppid}\n${join(folder, "data")}\n`);
    writeFileSync(join(folder, "run", ".s.PGSQL.5432.lock"), `${process.ppid}\n`);
    expect(await runSql((await start()).url, "select 1 as n")).toEqual([{ n: 1 }]);
  }, 30_000);

  it("lets nobody in without the password, keeps that to its owner, and owns no more than it needs", async () => {
    const { url, adminUrl } = await start();
    const wrong = url.replace(/:[^:@]*@/, ":wrong@");
    await expect(runSql(wrong, "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect(statSync(join(folder, "data.password")).mode & 0o777).toBe(0o600);
    const [role] = await runSql(url, "select rolsuper from pg_roles where rolname = current_user");
    expect(role).toEqual({ rolsuper: false });
    const [listen] = await runSql(adminUrl, "select current_setting('listen_addresses') as addresses");
    expect(listen).toEqual({ addresses: "" });
  }, 30_000);

  it("listens on a port of loopback alone, and says when that port is taken", async () => {
    const { port, free } = await freePort();
    expect(await refusal(start({ socketDir: undefined, port }))).toMatchObject({ code: "PortTaken", fields: { port } });
    await free();
    const { url, adminUrl } = await start({ socketDir: undefined, port });
    expect(url).toContain(`@127.0.0.1:${port}/slipway`);
    const [listen] = await runSql(
      adminUrl,
      "select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets",
    );
    expect(listen).toEqual({ addresses: "127.0.0.1", sockets: "" });
  }, 30_000);

  it("refuses a folder whose socket would have too long a name, before it makes anything", async () => {
    const error = await refusal(start({ socketDir: join(folder, "x".repeat(100)) }));
    expect(error.code).toBe("InvalidConfig");
    expect(existsSync(join(folder, "data"))).toBe(false);
  });

  it("says with the end of its log why it did not start, and takes no old message for the reason", async () => {
    writeFileSync(join(folder, "log"), "could not bind IPv4 address\n");
    const error = await refusal(start({ settings: { shared_buffers: "nonsense" } }));
    expect(error.code).toBe("StartFailed");
    expect(error.message).toContain('invalid value for parameter "shared_buffers"');
  }, 30_000);

  it("runs in a folder that only root may enter, and not as root itself", async () => {
    chmodSync(folder, 0o700);
    const { url, pid } = await start();
    expect(await runSql(url, "select 1 as n")).toEqual([{ n: 1 }]);
    const effective = /^CapEff:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    expect(Number.parseInt(effective ?? "1", 16)).toBe(0);
  }, 30_000);
});
