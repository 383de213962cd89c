import { inStep } from "../up/output.ts";
import { progressOutput } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

const terminal = (more: Partial<Terminal> = {}) => {
  const written: string[] = [];
  const fake: Terminal = {
    out: () => {
      throw new Error("progress is no result");
    },
    err: (text) => void written.push(text),
    live: false,
    colour: false,
    errColour: false,
    width: 40,
    ...more,
  };
  return { fake, written };
};

const ERASE = "\u001b[K";

/** What a person sees: text written over text, and the rest of a line erased. */
const screen = (written: readonly string[]): string[] => {
  const lines = [""];
  let column = 0;
  const last = () => lines.at(-1) ?? "";
  for (const char of written.join("").replaceAll(ERASE, "\0")) {
    if (char === "\n") lines.push("");
    else if (char === "\0") lines[lines.length - 1] = last().slice(0, column);
    else if (char !== "\r") lines[lines.length - 1] = last().slice(0, column) + char + last().slice(column + 1);
    column = char === "\r" || char === "\n" ? 0 : char === "\0" ? column : column + 1;
  }
  return lines;
};

describe("progress where nobody watches", () => {
  it("is plain lines: the beginning of each step, what is new in it, and its end", async () => {
    const { fake, written } = terminal();
    let ms = 0;
    const output = progressOutput(fake, () => ms);
    await inStep(output, "Building", async (step) => {
      for (const text of ["fetching", "fetching", "  ", "pushing\n"]) step.progress(text);
      ms = 1_234;
    });
    await inStep(output, "Starting", () => Promise.reject(new Error("no"))).catch(() => {});
    output.line("That is all.");
    output.close();
    expect(written.join("")).toBe(
      "Building …\n  fetching\n  pushing\n✓ Building (1.2 s)\nStarting …\n✗ Starting (0.0 s)\nThat is all.\n",
    );
  });
});

describe("progress on a terminal", () => {
  it("is one line that moves, and leaves the ends of steps behind", () => {
    const { fake, written } = terminal({ live: true });
    const output = progressOutput(fake, () => 0);
    const step = output.step("Building");
    expect(screen(written).at(-1)).toMatch(/^. Building$/);
    output.line("A word in between.");
    expect(screen(written)).toEqual(["A word in between.", expect.stringMatching(/^. Building$/)]);
    step.done("image pushed");
    output.close();
    expect(screen(written)).toEqual(["A word in between.", "✓ Building: image pushed (0.0 s)", ""]);
  });

  it("never writes past the edge, nor what would move the cursor", () => {
    const { fake, written } = terminal({ live: true });
    const output = progressOutput(fake, () => 0);
    output.step("Building").progress(`\u001b[2J${"x".repeat(100)}`);
    output.line("");
    output.close();
    for (const line of screen(written)) expect(line.length).toBeLessThan(40);
    expect(written.join("")).not.toContain("\u001b[2J");
  });

  it("clears its line when it is closed in the middle of a step", () => {
    const { fake, written } = terminal({ live: true });
    const output = progressOutput(fake, () => 0);
    output.step("Building");
    output.close();
    expect(screen(written)).toEqual([""]);
  });

  it("colours the ends only where colours are wanted", () => {
    const { fake, written } = terminal({ live: true, errColour: true });
    progressOutput(fake, () => 0)
      .step("Building")
      .failed();
    expect(written.at(-1)).toBe("\u001b[31m✗\u001b[0m Building (0.0 s)\n");
  });
});
