import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { changeClientConfig, homeFolder, readClientConfig } from "./client-config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the client's configuration", () => {
  it("stands in a home that the flag, the environment or custom chooses", () => {
    expect(homeFolder("/a", { SLIPWAY_HOME: "/b" })).toBe("/a");
    expect(homeFolder(undefined, { SLIPWAY_HOME: "/b" })).toBe("/b");
    expect(homeFolder(undefined, { SLIPWAY_HOME: "" })).toBe(join(homedir(), ".slipway"));
    expect(homeFolder("here", {})).toBe(join(process.cwd(), "here"));
  });

  it("keeps what was said, a change at a time, for its owner's eyes only", () => {
    const home = join(folder, "new");
    changeClientConfig(home, { server: "a:1", token: "t" });
    changeClientConfig(home, { project: "demo" });
    expect(readClientConfig(home, {})).toEqual({ server: "a:1", token: "t", project: "demo" });
    expect(statSync(join(home, "client.json")).mode & 0o777).toBe(0o600);
  });

  it("lets the environment stand above the file", () => {
    changeClientConfig(folder, { server: "a:1", token: "t", project: "demo" });
    const env = { SLIPWAY_SERVER: "b:2", SLIPWAY_TOKEN: "u", SLIPWAY_PROJECT: "other" };
    expect(readClientConfig(folder, env)).toEqual({ server: "b:2", token: "u", project: "other" });
    expect(readClientConfig(join(folder, "absent"), { ...env, SLIPWAY_PROJECT: "" })).toMatchObject({
      project: "default",
    });
  });

  it("says the way out when there is none, or it is broken", () => {
    expect(() => readClientConfig(folder, {})).toThrow("run `slipway login <server>`");
    writeFileSync(join(folder, "client.json"), "{");
    expect(() => readClientConfig(folder, {})).toThrow("is not JSON: delete it");
  });
});
