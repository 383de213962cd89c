import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type FakeApi, type FakeHandlers, startFakeApi } from "./testing/fake-api.ts";

const SLIPWAY = join(import.meta.dirname, "../../slipway");

let api: FakeApi;
const serve = async (handlers: FakeHandlers) => {
  api = await startFakeApi(handlers);
};
afterEach(() => api.stop());

/** A process of its own, that finds the fake server. */
const start = (command: string, args: readonly string[]) => {
  const child = spawn(command, args, {
    env: { ...process.env, SLIPWAY_HOME: "/nonexistent", SLIPWAY_SERVER: api.server, SLIPWAY_TOKEN: api.token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text: Buffer) => {
    said.out += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    said.err += text.toString();
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number, ...said }));
  return { child, ended };
};

const chunk = (...texts: string[]) => ({ container: "web", lines: texts.map((text) => ({ text })) });
const forever = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("the process", () => {
  it("gives scripts its exit codes", async () => {
    await serve({ resources: { list: async () => ({ resources: [] }) } });
    expect(await start(SLIPWAY, ["get", "pods", "-o", "name"]).ended).toEqual({ code: 0, out: "", err: "" });
    expect(await start(SLIPWAY, ["whoami"]).ended).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/^error: /),
    });
    expect(await start(SLIPWAY, ["get"]).ended).toMatchObject({ code: 2 });
  }, 30_000);

  it("ends quietly when nobody reads on", async () => {
    const lines = chunk(...Array.from({ length: 5_000 }, (_, i) => `line ${i}`));
    await serve({
      pods: {
        logs: async function* () {
          for (;;) yield lines;
        },
      },
    });
    const { ended } = start("bash", ["-c", `${SLIPWAY} logs -f web-1 | head -n 2; exit \${PIPESTATUS[0]}`]);
    expect(await ended).toEqual({ code: 0, out: "line 0\nline 1\n", err: "" });
  }, 30_000);

  it("ends with 130 at Ctrl-C, and the server hears of it", async () => {
    let gone = false;
    await serve({
      pods: {
        logs: async function* (_request, { signal }) {
          yield chunk("begun");
          await forever(signal).finally(() => {
            gone = true;
          });
        },
      },
    });
    const { child, ended } = start(SLIPWAY, ["logs", "-f", "web-1"]);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    expect(await ended).toEqual({ code: 130, out: "begun\n", err: "" });
    expect(gone).toBe(true);
  }, 30_000);

  it("prints a completion script that bash understands", async () => {
    await serve({});
    const script = `source <(${SLIPWAY} completion bash)
      COMP_WORDS=(slipway st); COMP_CWORD=1; _slipway; echo "\${COMPREPLY[@]}"
      COMP_WORDS=(slipway get --sel); COMP_CWORD=2; _slipway; echo "\${COMPREPLY[@]}"
      COMP_WORDS=(slipway get image); COMP_CWORD=2; _slipway; echo "\${COMPREPLY[@]}"`;
    expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toBe(
      "status start-build\n--selector\nimagestreams\n",
    );
  }, 30_000);
});
