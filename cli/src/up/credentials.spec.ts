import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { ensureCredentials } from "./credentials.ts";
import { chooseInstallation, pathsOf } from "./installation.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "credentials-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("the credentials of an installation", () => {
  it("are made once, all different, and only their owner may read them", () => {
    const installation = chooseInstallation({ home });
    const first = ensureCredentials(installation);
    expect(ensureCredentials(installation)).toEqual(first);
    const values = Object.values(first);
    expect(new Set(values).size).toBe(values.length);
    const paths = pathsOf(installation);
    expect(statSync(paths.secrets).mode & 0o777).toBe(0o700);
    for (const file of [
      paths.natsConfig,
      paths.registryConfig,
      paths.registryPasswords,
      join(paths.secrets, "credentials.json"),
    ]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it("are what NATS and the registry check", () => {
    const installation = chooseInstallation({ home });
    const { natsNode, registry } = ensureCredentials(installation);
    const paths = pathsOf(installation);
    expect(readFileSync(paths.natsConfig, "utf8")).toContain(natsNode);
    const [user = "", hash = ""] = readFileSync(paths.registryPasswords, "utf8").trim().split(":");
    expect(user).toBe("slipway");
    expect(bcrypt.compareSync(registry, hash)).toBe(true);
    expect(JSON.parse(readFileSync(paths.registryConfig, "utf8")).http.addr).toBe(
      `127.0.0.1:${installation.ports.registry}`,
    );
  });
});
