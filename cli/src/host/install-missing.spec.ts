import type { HostCheck } from "./check-host.ts";
import { installMissing } from "./install-missing.ts";
import { REQUIREMENTS } from "./requirements.ts";

const missing = REQUIREMENTS.filter((each) => ["nft", "git"].includes(each.program));

/** A host on which `missing` is missing until apt has installed it. */
const host = (more: Partial<HostCheck> = {}, failures = 0) => {
  const calls: string[] = [];
  let left = failures;
  let installed = false;
  return {
    calls,
    options: {
      log: () => {},
      check: async (): Promise<HostCheck> => ({
        root: true,
        debian: true,
        name: "Debian",
        ...more,
        missing: installed ? [] : (more.missing ?? missing),
      }),
      apt: async (args: readonly string[]) => {
        calls.push(args.join(" "));
        if (args[0] !== "install") return;
        if (left-- > 0) throw new Error("E: Unable to locate package");
        installed = true;
      },
    },
  };
};

const INSTALL = "install --yes --no-install-recommends nftables git";

describe("installMissing", () => {
  it("does nothing on a host that has everything", async () => {
    const { options, calls } = host({ missing: [] });
    expect(await installMissing(options)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("installs by apt, without fetching the lists when they do", async () => {
    const { options, calls } = host();
    expect(await installMissing(options)).toEqual(["nftables", "git"]);
    expect(calls).toEqual([INSTALL]);
  });

  it("fetches the lists once when the first try fails, and gives up after the second", async () => {
    const once = host({}, 1);
    await installMissing(once.options);
    expect(once.calls).toEqual([INSTALL, "update", INSTALL]);
    await expect(installMissing(host({}, 2).options)).rejects.toThrow("Unable to locate");
  });

  it("says what to type where it may not install", async () => {
    await expect(installMissing(host({ root: false }).options)).rejects.toMatchObject({
      code: "NotRoot",
      message: expect.stringContaining("sudo apt-get install --no-install-recommends nftables git"),
    });
  });

  it("says what is missing, and why it is needed, where there is no apt", async () => {
    await expect(installMissing(host({ debian: false, name: "Fedora" }).options)).rejects.toMatchObject({
      code: "MissingProgram",
      message: expect.stringContaining("Fedora does not have: nft (turns service addresses"),
    });
  });
});
