import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { type FakeApi, type FakeHandlers, startFakeApi } from "../testing/fake-api.ts";
import { controller, service } from "../testing/objects.ts";
import { runCli } from "../testing/run-cli.ts";

let api: FakeApi;
let folder: string;
const serve = async (apply: NonNullable<FakeHandlers["resources"]>["apply"]) => {
  api = await startFakeApi({ resources: apply ? { apply } : {} });
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-apply-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await api.stop();
});

const results = [
  { action: "created", resource: service("web") },
  { action: "unchanged", resource: controller("web") },
];

describe("apply", () => {
  it("sends manifests as they are written and says what became of each object", async () => {
    await serve(async () => ({ results, position: 3n }));
    const text = "kind: Service # as a person writes it\n";
    const { code, out } = await runCli(["apply", "-f", "-"], { api, stdin: text });
    expect({ code, out }).toEqual({ code: 0, out: "service/web created\nreplicationcontroller/web unchanged\n" });
    expect(api.calls).toEqual([
      [
        "resources.apply",
        { manifests: [{ name: "-", content: text }], project: "demo", validation: "VALIDATION_WARN" },
      ],
    ]);
  });

  it("reads the manifests of a folder by name, and of folders below with -R", async () => {
    await serve(async () => ({ results: [] }));
    mkdirSync(join(folder, "below"));
    for (const name of ["b.yaml", "a.json", "notes.txt", "below/c.yml"]) writeFileSync(join(folder, name), name);
    await runCli(["apply", "-f", folder], { api });
    await runCli(["apply", "-R", "-f", folder], { api });
    const sent = api.calls.map(([, request]) =>
      (request as { manifests: { name: string; content: string }[] }).manifests.map(({ content }) => content),
    );
    expect(sent).toEqual([
      ["a.json", "b.yaml"],
      ["a.json", "b.yaml", "below/c.yml"],
    ]);
  });

  it("asks for checks only with --dry-run, and says so in each line", async () => {
    await serve(async ({ dryRun }) => ({ results: dryRun ? results : [] }));
    const { out } = await runCli(["apply", "--dry-run", "--validate=strict", "-f", "-"], { api, stdin: "x" });
    expect(out).toContain("service/web created (dry run)\n");
    expect(api.calls[0]?.[1]).toMatchObject({ dryRun: true, validation: "VALIDATION_STRICT" });
  });

  it("shows warnings on standard error, so that the output stays clean", async () => {
    await serve(async () => ({
      results,
      warnings: [{ object: "Service/web", path: "spec.clusterIp", message: "unknown field" }],
    }));
    const { out, err } = await runCli(["apply", "-f", "-", "-o", "name"], { api, stdin: "x" });
    expect(err).toBe("Warning: Service/web: spec.clusterIp: unknown field\n");
    expect(out).toBe("service/web\nreplicationcontroller/web\n");
  });

  it("shows every field that was refused on a line of its own, and ends with 1", async () => {
    await serve(async () => {
      throw new SlipwayError("Invalid", "2 fields of Service/web are invalid.", {
        problems: [
          { path: "spec.ports[0].port", message: "Required value" },
          { path: "spec.type", message: 'Unsupported value: "X"' },
        ],
      });
    });
    expect(await runCli(["apply", "-f", "-"], { api, stdin: "x" })).toEqual({
      code: 1,
      out: "",
      err:
        "error: 2 fields of Service/web are invalid.\n" +
        "  spec.ports[0].port: Required value\n" +
        '  spec.type: Unsupported value: "X"\n',
    });
  });

  it("does not repeat a single field's problem, and cuts a long list short", async () => {
    const problems = Array.from({ length: 40 }, (_, i) => ({ path: `items[${i}]`, message: "Required value" }));
    await serve(async ({ project }) => {
      throw project === "one"
        ? new SlipwayError("Invalid", "items[0]: Required value", { problems: problems.slice(0, 1) })
        : new SlipwayError("Invalid", "Much is missing.", { problems });
    });
    expect((await runCli(["apply", "-f", "-", "-n", "one"], { api })).err).toBe("error: items[0]: Required value\n");
    const lines = (await runCli(["apply", "-f", "-"], { api })).err.trimEnd().split("\n");
    expect(lines).toHaveLength(32);
    expect(lines.at(-1)).toBe("  … and 10 more");
  });

  it("refuses what it cannot read before the server is asked", async () => {
    await serve(undefined);
    const failures = [
      [["apply"], 2, "Nothing to apply"],
      [["create"], 2, "Nothing to create"],
      [["apply", "-f", "-", "--validate=maybe"], 2, "strict, warn or ignore"],
      [["apply", "-f", join(folder, "absent.yaml")], 1, "does not exist"],
      [["apply", "-f", folder], 1, "holds no .yaml, .yml, .json files"],
    ] as const;
    for (const [args, code, sentence] of failures) {
      expect(await runCli(args, { api })).toEqual({ code, out: "", err: expect.stringContaining(sentence) });
    }
    expect(api.calls).toEqual([]);
  });
});

describe("create", () => {
  it("lets the server refuse what exists", async () => {
    await serve(async () => ({ results }));
    await runCli(["create", "-f", "-"], { api, stdin: "x" });
    expect(api.calls[0]?.[1]).toMatchObject({ createOnly: true });
  });
});
