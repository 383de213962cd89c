import { readFileSync } from "node:fs";
import { describeSchema } from "./describe-schema.ts";
import { kindsTable } from "./kinds-table.ts";
import { MANIFEST_KINDS } from "./schema/registry.ts";

describe("the table of kinds and fields", () => {
  it("stands in docs/kinds.md as it follows from the schemas", () => {
    const written = readFileSync(new URL("../../../docs/kinds.md", import.meta.url), "utf8");
    // To mend: node packages/manifest/src/kinds-table.ts > docs/kinds.md
    expect(written).toBe(kindsTable());
  });

  it("tells of each field what becomes of it", () => {
    const state = (path: string): string | undefined =>
      describeSchema("Pod").find((field) => field.path === path)?.state;
    expect(state("spec.containers[].image")).toBe("supported");
    expect(state("spec.containers[].lifecycle")).toBe("not supported yet");
    expect(state("metadata.uid")).toBe("set by the server");
    expect(describeSchema("Service").find(({ path }) => path === "spec.ports[].appProtocol")?.state).toBe(
      "accepted (no effect)",
    );
  });

  it("names no field twice", () => {
    for (const kind of MANIFEST_KINDS) {
      const paths = describeSchema(kind).map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
    }
  });
});
