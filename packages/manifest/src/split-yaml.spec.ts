import { splitYaml } from "./split-yaml.ts";

describe("cutting YAML into documents", () => {
  it("cuts before each marker, and nowhere else", () => {
    const text = "a: |\n  --- not here\n  ----\n---\nb: 1\n--- c\n----\n---";
    expect([...splitYaml(text)]).toEqual([
      { text: "a: |\n  --- not here\n  ----\n", linesBefore: 0 },
      { text: "---\nb: 1\n", linesBefore: 3 },
      { text: "--- c\n----\n", linesBefore: 5 },
      { text: "---", linesBefore: 7 },
    ]);
  });

  it("leaves directives with the document that they speak of", () => {
    expect([...splitYaml("# first\n%YAML 1.1\n---\na: 1\n")].map(({ text }) => text)).toEqual([
      "# first\n%YAML 1.1\n---\na: 1\n",
    ]);
  });
});
