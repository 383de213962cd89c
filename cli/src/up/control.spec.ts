import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askSupervisor, type ControlRequest, serveControl } from "./control.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "control-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the control socket", () => {
  it("answers its owner and nobody else", async () => {
    const path = join(folder, "c.sock");
    const asked: ControlRequest[] = [];
    const server = await serveControl(path, (request) => {
      asked.push(request);
      return { pid: 7, phase: "running", message: "well", parts: [] };
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await askSupervisor(path, { op: "status" })).toEqual({
      pid: 7,
      phase: "running",
      message: "well",
      parts: [],
    });
    expect(asked).toEqual([{ op: "status" }]);
    await new Promise((resolve) => server.close(resolve));
  });

  it("is silent where no supervisor is", async () => {
    expect(await askSupervisor(join(folder, "none.sock"), { op: "status" })).toBeUndefined();
  });
});
