import { type ContractHarness, specOf } from "./contract-harness.ts";
import type { ContainerEvent, EngineEvent } from "./port.ts";

/** The engine's event stream. */
export const eventsContract = (use: () => ContractHarness): void => {
  it("events tell a container's life in order, from the moment of `connected` on", async () => {
    const { engine } = use();
    const controller = new AbortController();
    const labels = { ...use().labels, watched: "yes" };
    const seen: EngineEvent[] = [];
    let id = "";
    for await (const event of engine.events({ labels, signal: controller.signal })) {
      seen.push(event);
      if (event.type === "connected") {
        const other = await engine.containers.create(specOf(use(), "unwatched", {}));
        await engine.containers.remove(other.id);
        const made = await engine.containers.create(
          specOf(use(), "watched", { exitAfterMs: 20, exitCode: 4 }, { labels }),
        );
        id = made.id;
        await engine.containers.start(id);
        await engine.containers.wait(id);
        await engine.containers.remove(id);
      }
      if (event.type === "destroy") controller.abort();
    }
    expect(seen.map((event) => event.type)).toEqual(["connected", "create", "start", "die", "destroy"]);
    const die = seen[3] as ContainerEvent;
    expect(die).toMatchObject({ containerId: id, name: `${use().prefix}watched`, exitCode: 4 });
    expect(die.labels.watched).toBe("yes");
    expect(die.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
  });

  it("the engine tells its size and version", async () => {
    const { engine } = use();
    await engine.ping();
    const info = await engine.info();
    expect(info.cpus).toBeGreaterThan(0);
    expect(info.memoryBytes).toBeGreaterThan(0);
    expect(info.version).not.toBe("");
    expect(info.dockerRootDir).toMatch(/^\//);
  });
};
