import { parseDockerfile } from "./dockerfile.ts";
import { rewriteDockerfile } from "./rewrite-dockerfile.ts";

const NOTHING = { env: {}, finalEnv: {}, labels: {}, handedIn: [] };
const rewrite = (text: string, options: Partial<Parameters<typeof rewriteDockerfile>[1]> = {}) =>
  rewriteDockerfile(text, { ...NOTHING, ...options });

describe("reading a Dockerfile", () => {
  it("joins continuation lines, over comments and empty lines", () => {
    const text = "FROM a\nRUN one \\\n  # why\n\n  two\nCMD x\n";
    expect(parseDockerfile(text).map(({ name, args }) => [name, args.replace(/\s+/g, " ")])).toEqual([
      ["FROM", "a"],
      ["RUN", "one two"],
      ["CMD", "x"],
    ]);
  });

  it("does not take a FROM within a continued RUN or a comment for an instruction", () => {
    expect(parseDockerfile("# FROM x\nFROM a\nRUN echo \\\nFROM b\n").map(({ name }) => name)).toEqual(["FROM", "RUN"]);
  });

  it("honours the escape directive", () => {
    expect(parseDockerfile("# escape=`\nFROM a\nRUN one `\n two\nRUN c:\\\n").map(({ name }) => name)).toEqual([
      "FROM",
      "RUN",
      "RUN",
    ]);
  });
});

describe("rewriting a Dockerfile", () => {
  it("leaves it as it is when there is nothing to change", () => {
    const text = "# syntax\nARG V=1\nFROM a:$V\nRUN x\n";
    expect(rewrite(text).text).toBe(text);
  });

  it("replaces the image of the last FROM only, keeping flags and name", () => {
    const text =
      "FROM golang AS build\nRUN make\nfrom --platform=linux/amd64 alpine as final\nCOPY --from=build /a /a\n";
    expect(rewrite(text, { from: "slipway/base@sha256:1" }).text).toBe(
      "FROM golang AS build\nRUN make\nFROM --platform=linux/amd64 slipway/base@sha256:1 AS final\nCOPY --from=build /a /a\n",
    );
  });

  it("replaces a FROM that spans lines", () => {
    expect(rewrite("FROM \\\n  a \\\n  AS b\nRUN x\n", { from: "c" }).text).toBe("FROM c AS b\nRUN x\n");
  });

  it("sets variables in every stage and quotes them", () => {
    expect(rewrite("FROM a\nFROM b\n", { env: { A: 'x "y" $z', B: "1" } }).text).toBe(
      'FROM a\nENV A="x \\"y\\" \\$z" B="1"\nFROM b\nENV A="x \\"y\\" \\$z" B="1"\n',
    );
  });

  it("sets what is known of the build last, so that it spoils no cache", () => {
    expect(rewrite("FROM a\nRUN x\n\n", { finalEnv: { OPENSHIFT_BUILD_NAME: "web-1" } }).text).toBe(
      'FROM a\nRUN x\n\n\nENV OPENSHIFT_BUILD_NAME="web-1"\n',
    );
  });

  it("sets all labels in one instruction", () => {
    expect(rewrite("FROM a\n", { labels: { "io.x/y": "1", "odd name": 'say "hi"' } }).text).toBe(
      'FROM a\n\nLABEL io.x/y="1" "odd name"="say \\"hi\\""\n',
    );
  });

  it("hands settings and the CA bundle to the stages that run something", () => {
    const caBundle = { image: "sha256:1", source: "/ca.crt", target: "/etc/slipway/ca.crt" };
    expect(
      rewrite("FROM a AS build\nRUN x\nFROM scratch\nCOPY --from=build /x /x\n", { handedIn: ["HTTP_PROXY"], caBundle })
        .text,
    ).toBe(
      "FROM a AS build\nCOPY --from=sha256:1 /ca.crt /etc/slipway/ca.crt\nARG HTTP_PROXY\nRUN x\nFROM scratch\nCOPY --from=build /x /x\n",
    );
  });

  it("tells the images it starts from, without stages, scratch and arguments", () => {
    expect(rewrite("FROM a AS one\nFROM one AS two\nFROM $BASE\nFROM scratch\nFROM b:1\n").baseImages).toEqual([
      "a",
      "b:1",
    ]);
    expect(rewrite("FROM a\n", { from: "c" }).baseImages).toEqual(["c"]);
  });

  it("refuses one without FROM", () => {
    expect(() => rewrite("RUN x\n")).toThrow("has no FROM");
  });
});
