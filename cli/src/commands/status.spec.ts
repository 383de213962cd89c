import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { runCli } from "../testing/run-cli.ts";

let api: FakeApi;
afterEach(() => api.stop());
const serve = async (healthy: boolean) => {
  const parts = [
    { name: "log", healthy: true, message: "40 events" },
    { name: "relay", healthy, message: "log to bus", lag: 12n },
  ];
  api = await startFakeApi({ resources: { status: async () => ({ version: "1.2.3", head: 40n, parts }) } });
};

describe("status", () => {
  it("shows the health of every part", async () => {
    await serve(true);
    const { code, out } = await runCli(["status"], { api });
    expect(code).toBe(0);
    expect(out).toBe(
      `Slipway 1.2.3 on ${api.server}, 40 events in the log\n` +
        "PART    HEALTH   LAG   MESSAGE\nlog     ok             40 events\nrelay   ok       12    log to bus\n",
    );
  });

  it("ends with 1 and names what is not well", async () => {
    await serve(false);
    expect(await runCli(["status"], { api })).toMatchObject({
      code: 1,
      out: expect.stringContaining("NOT OK"),
      err: "error: Not well: relay.\n",
    });
  });

  it("says that the platform of this home is not running", async () => {
    await serve(true);
    const home = mkdtempSync(join(tmpdir(), "slipway-status-"));
    mkdirSync(join(home, "run"));
    writeFileSync(join(home, "installation.json"), JSON.stringify({ home }));
    const { code, err } = await runCli(["status"], { env: { SLIPWAY_HOME: home } });
    rmSync(home, { recursive: true });
    expect({ code, err }).toEqual({
      code: 1,
      err: `error: The platform in ${home} is not running: \`slipway up\` starts it.\n`,
    });
  });
});
