import { measured } from "../harness/measured.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { tracesOf } from "../harness/traces.ts";

/** The end: nothing stays. */
export const purgeStory = (platform: () => TestPlatform): void => {
  it("removes every trace: containers, networks, addresses, the edge, processes and state", async () => {
    const { installation, engine, purge } = platform();
    const before = await tracesOf(installation, engine);
    for (const what of ["container", "network", "table", "process", "folder"]) {
      expect(before).toContainEqual(expect.stringMatching(new RegExp(`^${what} `)));
    }
    const purged = await purge();
    measured("down --purge", purged.ms);
    expect({ code: purged.code, stderr: purged.stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    expect(await tracesOf(installation, engine)).toEqual([]);
  }, 120_000);

  it("has nothing to say when it is asked again", async () => {
    const { slipway } = platform();
    expect(await slipway(["down", "--purge"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("No platform runs"),
    });
  });
};
