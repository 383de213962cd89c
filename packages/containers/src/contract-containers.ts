import { type ContractHarness, specOf } from "./contract-harness.ts";

/** Life and death of containers. */
export const containersContract = (use: () => ContractHarness): void => {
  const make = async (name: string, ...rest: [Parameters<typeof specOf>[2], Parameters<typeof specOf>[3]?]) => {
    const { id } = await use().engine.containers.create(specOf(use(), name, ...rest));
    return id;
  };

  describe("a container", () => {
    it("goes from created over running to exited and keeps its exit code", async () => {
      const { containers } = use().engine;
      const id = await make("life", { exitAfterMs: 50, exitCode: 3 });
      expect((await containers.inspect(id)).state).toMatchObject({ status: "created", pid: 0 });
      await containers.start(id);
      expect(await containers.wait(id)).toEqual({ exitCode: 3 });
      const { state } = await containers.inspect(id);
      expect(state).toMatchObject({ status: "exited", exitCode: 3, oomKilled: false, pid: 0 });
      expect(Date.parse(state.finishedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(state.startedAt ?? ""));
    });

    it("is found by name, and says what it was made of", async () => {
      const { engine, prefix, image, labels } = use();
      const id = await make("named", {}, { labels: { tier: "web" }, network: { type: "none" } });
      const info = await engine.containers.inspect(`${prefix}named`);
      expect(info).toMatchObject({ id, name: `${prefix}named`, image, networkMode: "none", ip: "" });
      expect(info.labels).toMatchObject({ ...labels, tier: "web" });
      expect(info.imageId).toBe((await engine.images.inspect(image)).id);
    });

    it("starts, stops and goes away twice as well as once", async () => {
      const { containers } = use().engine;
      const id = await make("twice", {});
      await containers.start(id);
      await containers.start(id);
      expect((await containers.inspect(id)).state.pid).toBeGreaterThan(0);
      await containers.stop(id, { graceSeconds: 5 });
      await containers.stop(id);
      expect((await containers.inspect(id)).state).toMatchObject({ status: "exited", exitCode: 143 });
      await containers.remove(id);
      await containers.remove(id);
      await expect(containers.inspect(id)).rejects.toMatchObject({ code: "ContainerNotFound" });
    });

    it("that ignores TERM is killed at the end of its grace", async () => {
      const { containers } = use().engine;
      const id = await make("stubborn", { ignoresTerm: true });
      await containers.start(id);
      await containers.stop(id, { graceSeconds: 1 });
      expect((await containers.inspect(id)).state.exitCode).toBe(137);
    });

    it("starts again after its exit under the same id", async () => {
      const { containers } = use().engine;
      const id = await make("again", { exitAfterMs: 20, exitCode: 1 });
      await containers.start(id);
      await containers.wait(id);
      await containers.start(id);
      expect(await containers.wait(id)).toEqual({ exitCode: 1 });
    });

    it("cannot be killed when it does not run, and not removed without force while it runs", async () => {
      const { containers } = use().engine;
      const id = await make("states", {});
      await expect(containers.kill(id)).rejects.toMatchObject({ code: "EngineConflict" });
      await containers.start(id);
      await expect(containers.remove(id)).rejects.toMatchObject({ code: "EngineConflict" });
      await containers.kill(id, "KILL");
      expect(await containers.wait(id)).toEqual({ exitCode: 137 });
      await containers.remove(id, { force: true, volumes: true });
    });

    it("keeps its name for itself", async () => {
      await make("taken", {});
      await expect(make("taken", {})).rejects.toMatchObject({ code: "EngineConflict", class: "Conflict" });
    });

    it("of an image that is not here is refused at create", async () => {
      const { engine, prefix } = use();
      const create = engine.containers.create({ name: `${prefix}no-image`, image: `${prefix}none:1` });
      await expect(create).rejects.toMatchObject({ code: "ImageNotFound" });
    });

    it("whose executable is missing fails its start with the reason and the engine's words", async () => {
      const { containers } = use().engine;
      const id = await make("bad-command", { startFails: "ExecutableNotFound" });
      await expect(containers.start(id)).rejects.toMatchObject({
        code: "ContainerStartFailed",
        fields: { reason: "ExecutableNotFound" },
        message: expect.stringContaining("no such file"),
      });
    });

    it("is listed by its labels, stopped ones only when asked for", async () => {
      const { containers } = use().engine;
      const running = await make("listed-running", {}, { labels: { group: "listed" } });
      const stopped = await make("listed-stopped", {}, { labels: { group: "listed" } });
      await containers.start(running);
      const ids = async (all: boolean) =>
        (await containers.list({ labels: { group: "listed" }, all })).map((each) => each.id).sort();
      expect(await ids(false)).toEqual([running]);
      expect(await ids(true)).toEqual([running, stopped].sort());
      expect(await containers.list({ labels: { group: "other" }, all: true })).toEqual([]);
      expect((await containers.list({ labels: { group: "" } }))[0]).toMatchObject({ status: "running", id: running });
    });

    it("can be given another name", async () => {
      const { engine, prefix } = use();
      const id = await make("old-name", {});
      await engine.containers.rename(id, `${prefix}new-name`);
      expect((await engine.containers.inspect(id)).name).toBe(`${prefix}new-name`);
    });

    it("that does not exist is ContainerNotFound for every call", async () => {
      const { containers } = use().engine;
      const notFound = { code: "ContainerNotFound" };
      await expect(containers.start("nobody")).rejects.toMatchObject(notFound);
      await expect(containers.stop("nobody")).rejects.toMatchObject(notFound);
      await expect(containers.wait("nobody")).rejects.toMatchObject(notFound);
      await expect(containers.exec("nobody", { command: ["true"] })).rejects.toMatchObject(notFound);
      await expect(containers.logs("nobody")[Symbol.asyncIterator]().next()).rejects.toMatchObject(notFound);
    });
  });

  it("a wait ends with its signal's reason", async () => {
    const { containers } = use().engine;
    const id = await make("waited", {});
    await containers.start(id);
    const controller = new AbortController();
    const waiting = containers.wait(id, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await containers.remove(id, { force: true });
  });
};
