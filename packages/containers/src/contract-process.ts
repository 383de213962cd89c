import { text } from "node:stream/consumers";
import { type ContractHarness, specOf } from "./contract-harness.ts";
import type { LogLine } from "./log-line.ts";

/** What goes in and out of a container's processes. */
export const processContract = (use: () => ContractHarness): void => {
  const started = async (name: string, ...rest: [Parameters<typeof specOf>[2], Parameters<typeof specOf>[3]?]) => {
    const { containers } = use().engine;
    const { id } = await containers.create(specOf(use(), name, ...rest));
    await containers.start(id);
    return id;
  };
  const linesOf = async (lines: AsyncIterable<LogLine>) => {
    const all: LogLine[] = [];
    for await (const line of lines) all.push(line);
    return all;
  };

  describe("logs", () => {
    it("are lines of two streams with their times, to be read after the exit too", async () => {
      const { containers } = use().engine;
      const id = await started("logs", { stdout: ["one", "zwei €"], stderr: ["oops"], exitAfterMs: 20 });
      await containers.wait(id);
      const lines = await linesOf(containers.logs(id));
      expect(lines.filter((line) => line.stream === "stdout").map((line) => line.text)).toEqual(["one", "zwei €"]);
      expect(lines.filter((line) => line.stream === "stderr").map((line) => line.text)).toEqual(["oops"]);
      for (const { at } of lines) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    });

    it("are cut to the last lines and to what came since a line", async () => {
      const { containers } = use().engine;
      const id = await started("logs-cut", { stdout: ["a", "b", "c"], exitAfterMs: 20 });
      await containers.wait(id);
      expect((await linesOf(containers.logs(id, { tail: 2 }))).map((line) => line.text)).toEqual(["b", "c"]);
      const last = (await linesOf(containers.logs(id, { tail: 1 })))[0];
      const since = await linesOf(containers.logs(id, { since: last?.at ?? "" }));
      expect(since.at(-1)).toEqual(last);
      expect(await linesOf(containers.logs(id, { since: "2100-01-01T00:00:00Z" }))).toEqual([]);
    });

    it("are followed until the container exits", async () => {
      const { containers } = use().engine;
      const id = await started("logs-follow", { stdout: ["begin"], exitAfterMs: 200 });
      expect((await linesOf(containers.logs(id, { follow: true }))).map((line) => line.text)).toEqual(["begin"]);
      expect((await containers.inspect(id)).state.status).toBe("exited");
    });

    it("end quietly when the signal aborts", async () => {
      const { containers } = use().engine;
      const id = await started("logs-abort", { stdout: ["begin"] });
      const controller = new AbortController();
      const lines: string[] = [];
      for await (const line of containers.logs(id, { follow: true, signal: controller.signal })) {
        lines.push(line.text);
        controller.abort();
      }
      expect(lines).toEqual(["begin"]);
      await containers.remove(id, { force: true });
    });

    it("keep a line of 100,000 characters whole", async () => {
      const { containers } = use().engine;
      const long = "ü".repeat(50_000);
      const id = await started("logs-long", { stdout: [long, "after"], exitAfterMs: 20 });
      await containers.wait(id);
      expect((await linesOf(containers.logs(id))).map((line) => line.text)).toEqual([long, "after"]);
    });
  });

  describe("attach", () => {
    it("carries stdin to the process and its output back, and ends with it", async () => {
      const { containers } = use().engine;
      const { id } = await containers.create(specOf(use(), "attach", { echoesStdin: true }, { stdin: true }));
      const streams = await containers.attach(id, { stdin: true });
      streams.stderr.resume();
      await containers.start(id);
      const bytes = "x".repeat(300_000);
      streams.stdin.end(bytes);
      expect((await text(streams.stdout)).length).toBe(bytes.length);
      expect(await containers.wait(id)).toEqual({ exitCode: 0 });
    });
  });

  describe("exec", () => {
    it("answers the exit code and both outputs", async () => {
      const { containers } = use().engine;
      const id = await started("exec", {});
      const hello = await containers.exec(id, { command: ["echo", "hello"] });
      expect(hello).toEqual({ exitCode: 0, output: "hello\n" });
      expect((await containers.exec(id, { command: ["false"] })).exitCode).toBe(1);
      expect((await containers.exec(id, { command: ["echo", "abcdef"], maxOutputBytes: 3 })).output).toBe("abc");
    });

    it("gives its streams to a caller who wants to type", async () => {
      const { containers } = use().engine;
      const id = await started("exec-streams", {});
      const session = await containers.execStreams(id, { command: ["cat"], stdin: true });
      session.stderr.resume();
      session.stdin.end("typed");
      expect(await text(session.stdout)).toBe("typed");
      expect(await session.exitCode).toBe(0);
    });

    it("needs a running container", async () => {
      const { containers } = use().engine;
      const { id } = await containers.create(specOf(use(), "exec-stopped", {}));
      await expect(containers.exec(id, { command: ["true"] })).rejects.toMatchObject({ code: "EngineConflict" });
    });
  });

  it("one sample of statistics tells memory and processes of a running container", async () => {
    const { containers } = use().engine;
    const id = await started("stats", {});
    const stats = await containers.stats(id);
    expect(stats.pids).toBeGreaterThan(0);
    expect(stats.memoryBytes).toBeGreaterThan(0);
    await containers.remove(id, { force: true });
  });
};
