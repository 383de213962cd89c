import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts the specimen service as a process and reads its log line by line. */
const start = (env: Record<string, string>, ...args: string[]) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "testing/specimen-service.ts"), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const messages: string[] = [];
  const waiting: { message: string; found: () => void }[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { msg } = JSON.parse(line);
    messages.push(msg);
    for (const { message, found } of waiting) if (message === msg) found();
  });
  const logged = (message: string) =>
    new Promise<void>((found) => {
      if (messages.includes(message)) found();
      waiting.push({ message, found });
    });
  /** Nobody reads its log any more. */
  const deafen = () => child.stdout.destroy();
  const exited = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  return { child, messages, logged, deafen, exited };
};

describe("a service as a real process", () => {
  it("drains at SIGTERM and exits with 0", async () => {
    const service = start({});
    await service.logged("ready");
    service.child.kill("SIGTERM");
    expect(await service.exited).toEqual({ code: 0, signal: null });
    expect(service.messages).toEqual(["ready", "stopping", "stopped"]);
  });

  it("drains all the same when nobody reads its log any more", async () => {
    const service = start({});
    await service.logged("ready");
    service.deafen();
    service.child.kill("SIGTERM");
    expect(await service.exited).toEqual({ code: 0, signal: null });
  });

  it("is forced out by a second signal, with 1", async () => {
    const service = start({ SLIPWAY_MODE: "stuck" });
    await service.logged("ready");
    service.child.kill("SIGINT");
    await service.logged("stopping");
    service.child.kill("SIGINT");
    expect(await service.exited).toEqual({ code: 1, signal: null });
  });

  it("is ended by its deadline when a part hangs, with 1", async () => {
    const service = start({ SLIPWAY_MODE: "stuck", SLIPWAY_STOP_DEADLINE_MS: "200" });
    await service.logged("ready");
    service.child.kill("SIGTERM");
    expect(await service.exited).toEqual({ code: 1, signal: null });
  });

  it("stops with 1 after a rejection that nobody caught", async () => {
    const service = start({ SLIPWAY_MODE: "broken" });
    expect(await service.exited).toEqual({ code: 1, signal: null });
    expect(service.messages).toEqual(["ready", "uncaught error", "stopped"]);
  });
});
