import { type ContractHarness, specOf } from "./contract-harness.ts";

/** Networks and the addresses of containers on them. */
export const networksContract = (use: () => ContractHarness): void => {
  const specOfNetwork = (name: string) => {
    const { prefix, subnet, labels } = use();
    return { name: `${prefix}${name}`, subnet: `${subnet}.0/24`, gateway: `${subnet}.1`, labels: { ...labels } };
  };

  describe("a network", () => {
    it("is made once, found again, and refused with another range", async () => {
      const { networks } = use().engine;
      const spec = { ...specOfNetwork("net"), bridgeName: `sw${process.pid % 10_000_000}` };
      const made = await networks.ensure(spec);
      expect(made).toMatchObject({
        name: spec.name,
        subnet: spec.subnet,
        gateway: spec.gateway,
        bridgeName: spec.bridgeName,
      });
      expect((await networks.ensure(spec)).id).toBe(made.id);
      await expect(networks.ensure({ ...spec, subnet: "10.99.99.0/24", gateway: "10.99.99.1" })).rejects.toMatchObject({
        code: "EngineConflict",
      });
      expect((await networks.list({ labels: use().labels })).map((each) => each.id)).toEqual([made.id]);
      await networks.remove(spec.name);
      await networks.remove(spec.name);
      expect(await networks.inspect(spec.name)).toBeUndefined();
    });

    it("gives containers the address they ask for, or a free one, and its own to those that join them", async () => {
      const { engine, subnet } = use();
      const spec = specOfNetwork("addresses");
      await engine.networks.ensure(spec);
      const onNetwork = { type: "network", name: spec.name } as const;
      const fixed = await engine.containers.create(
        specOf(use(), "fixed", {}, { network: { ...onNetwork, ip: `${subnet}.77` }, hostname: "fixed-host" }),
      );
      const free = await engine.containers.create(specOf(use(), "free", {}, { network: onNetwork }));
      await engine.containers.start(fixed.id);
      await engine.containers.start(free.id);
      expect((await engine.containers.inspect(fixed.id)).ip).toBe(`${subnet}.77`);
      expect((await engine.containers.inspect(free.id)).ip).toMatch(
        new RegExp(`^${subnet.replaceAll(".", "\\.")}\\.\\d+$`),
      );
      const joined = await engine.containers.create(
        specOf(use(), "joined", {}, { network: { type: "container", id: fixed.id }, hostname: "ignored" }),
      );
      await engine.containers.start(joined.id);
      expect(await engine.containers.inspect(joined.id)).toMatchObject({
        ip: "",
        networkMode: `container:${fixed.id}`,
      });
      expect([...((await engine.networks.inspect(spec.name))?.containers ?? [])].sort()).toEqual(
        [fixed.id, free.id].sort(),
      );
      await expect(engine.networks.remove(spec.name)).rejects.toMatchObject({ code: "EngineConflict" });
      for (const { id } of [joined, fixed, free]) await engine.containers.remove(id, { force: true });
      await engine.networks.remove(spec.name);
    });

    it("cannot be joined through a container that does not run", async () => {
      const { containers } = use().engine;
      const sandbox = await containers.create(specOf(use(), "dead-sandbox", {}));
      const { id } = await containers.create(
        specOf(use(), "orphan", {}, { network: { type: "container", id: sandbox.id } }),
      );
      await expect(containers.start(id)).rejects.toMatchObject({
        code: "ContainerStartFailed",
        fields: { reason: "SandboxNotRunning" },
      });
    });
  });
};
