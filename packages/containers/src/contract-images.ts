import type { ContractHarness } from "./contract-harness.ts";
import { writeTar } from "./tar.ts";

/** Images on the engine; what needs a registry or a real builder is in the adapter's own specs. */
export const imagesContract = (use: () => ContractHarness): void => {
  const rootfs = () => writeTar({ "etc/greeting": "hello" });

  describe("an image", () => {
    it("is made of a root file system with the changes asked for", async () => {
      const { engine, prefix } = use();
      const ref = `${prefix}imported:1`;
      const id = await engine.images.importRootfs(rootfs(), ref, {
        changes: ["LABEL made=by-hand", 'CMD ["/run"]', "USER 1001", "WORKDIR /srv", "ENV A=b", "EXPOSE 8080"],
      });
      expect(await engine.images.inspect(ref)).toMatchObject({
        id,
        labels: { made: "by-hand" },
        cmd: ["/run"],
        user: "1001",
        workingDir: "/srv",
        env: { A: "b" },
        exposedPorts: ["8080/tcp"],
      });
      await engine.images.remove(ref);
    });

    it("has further names until the last one is removed", async () => {
      const { engine, prefix } = use();
      await engine.images.importRootfs(rootfs(), `${prefix}tagged:1`, { changes: ["LABEL tagged=yes"] });
      await engine.images.tag(`${prefix}tagged:1`, `${prefix}tagged-too`);
      expect([...(await engine.images.inspect(`${prefix}tagged-too:latest`)).tags].sort()).toEqual(
        [`${prefix}tagged-too:latest`, `${prefix}tagged:1`].sort(),
      );
      expect(await engine.images.list({ labels: { tagged: "yes" } })).toHaveLength(1);
      await engine.images.remove(`${prefix}tagged:1`);
      await engine.images.remove(`${prefix}tagged-too`);
      await expect(engine.images.inspect(`${prefix}tagged-too`)).rejects.toMatchObject({ code: "ImageNotFound" });
      await engine.images.remove(`${prefix}tagged-too`);
    });

    it("that nobody has cannot be pulled, and the refusal says why", async () => {
      const { engine } = use();
      await expect(engine.images.pull("127.0.0.1:1/nobody/nothing:1")).rejects.toMatchObject({
        code: "ImagePullFailed",
        fields: { reason: "Network" },
      });
      await expect(engine.images.pull("UPPER//case")).rejects.toMatchObject({
        code: "ImagePullFailed",
        fields: { reason: "InvalidName" },
      });
    });

    it("that is not here cannot be tagged or pushed", async () => {
      const { images } = use().engine;
      await expect(images.tag("nobody/nothing:1", "nobody/else:1")).rejects.toMatchObject({ code: "ImageNotFound" });
      await expect(images.push("127.0.0.1:1/nobody/nothing:1")).rejects.toMatchObject({ code: "ImageNotFound" });
    });
  });
};
