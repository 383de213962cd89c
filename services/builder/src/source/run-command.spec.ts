import { runCommand } from "./run-command.ts";

const run = (script: string, signal = new AbortController().signal, onLine?: (line: string) => void) =>
  runCommand("/bin/sh", ["-c", script], {
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    signal,
    ...(onLine ? { onLine } : {}),
  });

describe("running a command", () => {
  it("answers both streams and the exit code", async () => {
    const result = await run("echo out; echo err >&2; exit 3");
    expect(result.exitCode).toBe(3);
    expect(result.stdout).toBe("out\n");
    expect(result.output.split("\n").sort()).toEqual(["", "err", "out"]);
  });

  it("inherits nothing from this process", async () => {
    expect((await run("echo $HOME-$USER")).stdout).toBe("-\n");
  });

  it("ends the whole group when it is aborted", async () => {
    const controller = new AbortController();
    let child = 0;
    const running = run("sleep 600 & echo $!; wait", controller.signal, (line) => {
      child = Number(line);
      controller.abort(new Error("enough"));
    });
    await expect(running).rejects.toThrow("enough");
    expect(child).toBeGreaterThan(1);
    expect(
      (await run(`kill -0 ${child} 2>/dev/null && grep -q '^State:.[^Z]' /proc/${child}/status && echo alive; true`))
        .stdout,
    ).toBe("");
  });

  it("rejects when the program does not exist", async () => {
    const signal = new AbortController().signal;
    await expect(runCommand("no-such-program", [], { cwd: "/", env: {}, signal })).rejects.toThrow("ENOENT");
  });
});
