import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { readClientConfig } from "../client/client-config.ts";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { project } from "../testing/objects.ts";
import { runCli } from "../testing/run-cli.ts";

let api: FakeApi;
let home: string;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "slipway-login-"));
  api = await startFakeApi({
    resources: {
      status: async () => ({ version: "1.2.3" }),
      get: async ({ key }) => {
        if (key?.name === "absent") throw new SlipwayError("NotFound", 'projects "absent" not found');
        return { resource: project(key?.name ?? "") };
      },
      list: async () => ({ resources: [project("demo"), project("shop")] }),
      apply: async () => ({}),
      delete: async () => ({}),
      watch: async function* () {
        yield { type: "ADDED", resource: project("shop") };
        yield { type: "BOOKMARK", position: 4n };
        yield { type: "DELETED", resource: project("shop"), position: 5n };
      },
    },
  });
});
afterEach(async () => {
  rmSync(home, { recursive: true, force: true });
  await api.stop();
});

/** Without anything in the environment but the home. */
const run = (...args: string[]) => runCli(args, { env: { SLIPWAY_HOME: home, SLIPWAY_PROJECT: "" } });
const login = () => run("login", api.server, "--token", api.token);

describe("login", () => {
  it("keeps a server and a token that are good", async () => {
    expect(await login()).toEqual({ code: 0, out: `Logged in to ${api.server} (Slipway 1.2.3).\n`, err: "" });
    expect((await run("whoami")).out).toBe(`owner on ${api.server} (Slipway 1.2.3), project default\n`);
  });

  it("takes the token from a file", async () => {
    writeFileSync(join(home, "token"), `${api.token}\n`);
    expect((await run("login", api.server, "--token-file", join(home, "token"), "-n", "demo")).code).toBe(0);
    expect(readClientConfig(home, {})).toEqual({ server: api.server, token: api.token, project: "demo" });
  });

  it("keeps nothing that is not good, and says why", async () => {
    expect(await run("login", api.server, "--token=wrong")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: /),
    });
    expect(await run("login", api.server, "--token-file=/absent")).toMatchObject({ code: 1 });
    expect(await run("login", api.server)).toMatchObject({ code: 2, err: expect.stringContaining("--token-file") });
    expect(() => readClientConfig(home, {})).toThrow("Not logged in");
  });
});

describe("project", () => {
  beforeEach(() => login());

  it("shows the current one, and makes another one current that exists", async () => {
    expect((await run("project")).out).toBe("default\n");
    expect((await run("project", "shop")).out).toBe(`Now using project "shop" on ${api.server}.\n`);
    expect((await run("project")).out).toBe("shop\n");
    expect(await run("project", "absent")).toMatchObject({ code: 1, err: 'error: projects "absent" not found\n' });
    expect((await run("project")).out).toBe("shop\n");
  });

  it("makes one, and makes it current", async () => {
    const { out } = await run("project", "create", "shop", "--display-name", "My: shop");
    expect(out).toBe('Project "shop" created, and now the current one.\n');
    expect(readClientConfig(home, {}).project).toBe("shop");
    const [, request] = api.calls.at(-1) ?? [];
    expect(request).toMatchObject({ createOnly: true });
    const [{ content }] = (request as { manifests: [{ content: string }] }).manifests;
    expect(content).toContain('"My: shop"');
  });

  it("lists them, and deletes one, waiting until it is gone", async () => {
    expect((await run("project", "list")).out.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "NAME",
      "demo",
      "shop",
      "",
    ]);
    expect((await run("project", "delete", "shop", "--wait")).code).toBe(0);
    expect(api.calls.slice(-3).map(([method]) => method)).toEqual([
      "resources.delete",
      "resources.watch",
      "resources.get",
    ]);
  });
});
