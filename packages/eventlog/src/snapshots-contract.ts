import type { Snapshots } from "./port.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

/** What every keeper of snapshots does, run on the twin and on Postgres. */
export const describeSnapshots = (name: string, open: () => Promise<Snapshots>): void => {
  describe(name, () => {
    const load = async (snapshots: Snapshots, projection: string, schema: number) => {
      const kept = await snapshots.load(projection, schema);
      return kept && { position: kept.position, data: [...kept.data] };
    };

    it("has none at first", async () => {
      expect(await (await open()).load("cluster", 1)).toBeUndefined();
    });

    it("gives back every byte and the position", async () => {
      const snapshots = await open();
      const all = Array.from({ length: 256 }, (_, i) => i);
      await snapshots.save("cluster", 1, 42, bytes(...all));
      expect(await load(snapshots, "cluster", 1)).toEqual({ position: 42, data: all });
      await snapshots.save('it\'s "odd" \\', 1, 1, bytes());
      expect(await load(snapshots, 'it\'s "odd" \\', 1)).toEqual({ position: 1, data: [] });
    });

    it("keeps the newer one, in whatever order they come", async () => {
      const snapshots = await open();
      await snapshots.save("cluster", 1, 10, bytes(1));
      await snapshots.save("cluster", 1, 20, bytes(2));
      await snapshots.save("cluster", 1, 15, bytes(3));
      expect(await load(snapshots, "cluster", 1)).toEqual({ position: 20, data: [2] });
    });

    it("tells projections and schemas apart, and keeps the schema before the last", async () => {
      const snapshots = await open();
      for (const schema of [1, 2, 3]) await snapshots.save("cluster", schema, schema, bytes(schema));
      await snapshots.save("other", 1, 9, bytes(9));
      expect(await load(snapshots, "cluster", 1)).toBeUndefined();
      expect(await load(snapshots, "cluster", 2)).toEqual({ position: 2, data: [2] });
      expect(await load(snapshots, "cluster", 3)).toEqual({ position: 3, data: [3] });
      expect(await load(snapshots, "cluster", 4)).toBeUndefined();
      expect(await load(snapshots, "other", 1)).toEqual({ position: 9, data: [9] });
    });

    it("does not notice what its caller does to the bytes afterwards", async () => {
      const snapshots = await open();
      const data = bytes(1, 2, 3);
      await snapshots.save("cluster", 1, 1, data);
      data.fill(0);
      (await snapshots.load("cluster", 1))?.data.fill(0);
      expect(await load(snapshots, "cluster", 1)).toEqual({ position: 1, data: [1, 2, 3] });
    });

    it("carries many megabytes", async () => {
      const snapshots = await open();
      const data = new Uint8Array(20 * 1024 * 1024).map((_, i) => (i * 31) % 251);
      await snapshots.save("cluster", 1, 7, data);
      const kept = await snapshots.load("cluster", 1);
      expect(Buffer.compare(kept?.data ?? bytes(), data)).toBe(0);
    });
  });
};
