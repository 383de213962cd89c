import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseInstallation, readInstallation, saveInstallation } from "./installation.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "installation-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("an installation", () => {
  it("keeps what was chosen at its first start", () => {
    saveInstallation(chooseInstallation({ home, instance: "lab", portBase: 9000, edgePort: 9080 }));
    expect(readInstallation(home)).toMatchObject({ instance: "lab", ports: { grpc: 9000, nats: 9002, edge: 9080 } });
    expect(chooseInstallation({ home })).toEqual(readInstallation(home));
  });

  it("can be moved to other ports later", () => {
    saveInstallation(chooseInstallation({ home }));
    expect(chooseInstallation({ home, edgePort: 8888 }).ports.edge).toBe(8888);
  });

  it("is not there where `up` never ran", () => {
    expect(readInstallation(join(home, "elsewhere"))).toBeUndefined();
  });
});
