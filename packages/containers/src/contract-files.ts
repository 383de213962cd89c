import { type ContractHarness, specOf } from "./contract-harness.ts";
import { readTar, writeTar } from "./tar.ts";

/** Files in and out of containers, and images made of them. */
export const filesContract = (use: () => ContractHarness): void => {
  describe("files", () => {
    it("come out of a container as they went in", async () => {
      const { containers } = use().engine;
      const { id } = await containers.create(specOf(use(), "files", {}));
      await containers.putArchive(id, "/tmp", writeTar({ "a.txt": "alpha", "dir/b.txt": "beta" }));
      expect(await readTar(await containers.getArchive(id, "/tmp/a.txt"))).toEqual({ "a.txt": "alpha" });
      expect(await readTar(await containers.getArchive(id, "/tmp/dir"))).toMatchObject({ "dir/b.txt": "beta" });
    });

    it("go nowhere when the container is not there", async () => {
      const put = use().engine.containers.putArchive("nobody", "/tmp", writeTar({ "a.txt": "alpha" }));
      await expect(put).rejects.toMatchObject({ code: "ContainerNotFound" });
    });

    it("stay in the image that is committed of the container, with the configuration asked for", async () => {
      const { engine, prefix, labels } = use();
      const { id } = await engine.containers.create(
        specOf(use(), "commit", {}, { env: { KEPT: "1" }, command: ["/usr/bin/env"], args: ["x"] }),
      );
      await engine.containers.putArchive(id, "/tmp", writeTar({ "built.txt": "made" }));
      const imageId = await engine.containers.commit(id, {
        repo: `${prefix}committed`,
        tag: "1",
        labels: { ...labels, "app.version": 'quoted "2"' },
        env: { ADDED: "a b" },
        command: [],
        args: ["/run"],
        user: "1001",
        workingDir: "/tmp",
      });
      const image = await engine.images.inspect(`${prefix}committed:1`);
      expect(image).toMatchObject({ id: imageId, entrypoint: [], cmd: ["/run"], user: "1001", workingDir: "/tmp" });
      expect(image.labels["app.version"]).toBe('quoted "2"');
      expect(image.env).toMatchObject({ KEPT: "1", ADDED: "a b" });
      const child = await engine.containers.create({
        ...specOf(use(), "of-commit", {}),
        image: `${prefix}committed:1`,
      });
      expect(await readTar(await engine.containers.getArchive(child.id, "/tmp/built.txt"))).toEqual({
        "built.txt": "made",
      });
      await engine.containers.remove(child.id);
      await engine.images.remove(`${prefix}committed:1`);
    });
  });
};
