import { runCli } from "./testing/run-cli.ts";

describe("the command line", () => {
  it("says its version in two ways", async () => {
    const { out } = await runCli(["--version"]);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await runCli(["version"])).out).toBe(`slipway ${out}`);
  });

  it("helps on standard output and ends with 0", async () => {
    const { code, out, err } = await runCli(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const command of ["up", "down", "get", "apply", "new-app", "events", "completion"])
      expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
    expect((await runCli(["get", "--help"])).out).toContain("--selector <labels>");
  });

  it("ends with 2 on standard error when it is used wrongly", async () => {
    const failures = [
      [[], "Usage: slipway"],
      [["nothing"], "error: unknown command 'nothing'"],
      [["gte"], "(Did you mean get?)"],
      [["get", "--nothing"], "error: unknown option '--nothing'"],
      [["logs"], "error: missing required argument 'target'"],
      [["version", "extra"], "error: too many arguments"],
      [["up", "--port-base=x"], "It takes a whole number from 1 on."],
    ] as const;
    for (const [args, sentence] of failures) {
      expect(await runCli(args)).toEqual({ code: 2, out: "", err: expect.stringContaining(sentence) });
    }
  });

  it("completes commands, kinds and flags in three shells", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { out } = await runCli(["completion", shell]);
      for (const word of ["start-build", "imagestreams", shell === "fish" ? "-l port-base" : "--port-base"])
        expect({ shell, out }).toEqual({ shell, out: expect.stringContaining(word) });
      expect(out).not.toContain("undefined");
    }
    expect(await runCli(["completion", "csh"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("bash, zsh or fish"),
    });
  });
});
