import { parseEnvironmentFile } from "./environment-file.ts";

describe(".s2i/environment", () => {
  it("reads one variable a line, trimmed, and keeps = in values", () => {
    expect(
      parseEnvironmentFile("# a comment\nA=1\r\n  B = two words \nURL=http://h/?a=b\n\nnothing\n=x\nEMPTY=\n"),
    ).toEqual({
      A: "1",
      B: "two words",
      URL: "http://h/?a=b",
      EMPTY: "",
    });
  });
});
