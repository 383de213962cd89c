import { SlipwayError } from "@slipway/kernel";
import { containerEngineContract } from "../contract.ts";
import { fakeEngine, runs } from "./engine.ts";
import { fakeCommand } from "./programs.ts";

containerEngineContract("the fake", async () => {
  const engine = fakeEngine();
  const image = "spec-busybox:1";
  engine.addImage(image);
  return {
    engine,
    image,
    prefix: "spec-",
    labels: { "slipway.spec": "fake" },
    subnet: "10.231.17",
    program: (program) => ({ command: fakeCommand(program), args: [] }),
    tearDown: async () => {},
  };
});

describe("the fake engine's strings", () => {
  it("make a call fail once", async () => {
    const engine = fakeEngine();
    engine.failNext("ping", new SlipwayError("EngineError", "no"));
    await expect(engine.ping()).rejects.toMatchObject({ code: "EngineError" });
    await engine.ping();
  });

  it("take the engine away and bring it back as a reconnection", async () => {
    const engine = fakeEngine();
    const events = engine.events({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: "connected" });
    engine.setAvailable(false);
    await expect(engine.containers.list()).rejects.toMatchObject({ code: "EngineUnavailable" });
    engine.setAvailable(true);
    expect((await events.next()).value).toMatchObject({ type: "reconnected" });
  });

  it("run an image's own program, kill for memory and crash", async () => {
    const engine = fakeEngine();
    engine.addImage("hungry:1", runs({ oom: true, exitAfterMs: 1 }));
    engine.addImage("server:1");
    const hungry = await engine.containers.create({ image: "hungry:1" });
    await engine.containers.start(hungry.id);
    expect(await engine.containers.wait(hungry.id)).toEqual({ exitCode: 137 });
    expect((await engine.containers.inspect(hungry.id)).state.oomKilled).toBe(true);
    const server = await engine.containers.create({ image: "server:1" });
    await engine.containers.start(server.id);
    engine.crash(server.id, 9);
    expect((await engine.containers.inspect(server.id)).state.exitCode).toBe(9);
  });

  it("answer pulls from the registry that a test fills", async () => {
    const engine = fakeEngine();
    engine.registry.set("shop/web:1", { labels: { a: "b" } });
    engine.registry.set("shop/secret:1", { fails: "Unauthorized" });
    await engine.images.pull("shop/web:1");
    expect((await engine.images.inspect("shop/web:1")).labels).toEqual({ a: "b" });
    await expect(engine.images.pull("shop/secret:1")).rejects.toMatchObject({ fields: { reason: "Unauthorized" } });
    await expect(engine.images.pull("shop/none:1")).rejects.toMatchObject({ fields: { reason: "NotFound" } });
  });

  it("script builds", async () => {
    const engine = fakeEngine();
    engine.builds.push({ log: ["Step 1/2"], fails: "Step", exitCode: 2 });
    const lines: string[] = [];
    const build = () => engine.images.build(Buffer.alloc(0), { tags: ["a:1"], onLog: (line) => lines.push(line) });
    await expect(build()).rejects.toMatchObject({ code: "ImageBuildFailed", fields: { reason: "Step", exitCode: 2 } });
    expect(lines).toEqual(["Step 1/2"]);
    expect(await build()).toBe((await engine.images.inspect("a:1")).id);
  });
});
