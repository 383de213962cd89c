import { createMask, maskUrls, secretsOfUrl } from "./mask.ts";

describe("masking secrets", () => {
  it("hides user and password of a URL anywhere in a line", () => {
    expect(maskUrls('Cloning "https://joe:s3cr3t@git.example.com/a.git" ...')).toBe(
      'Cloning "https://***@git.example.com/a.git" ...',
    );
  });

  it("hides a token that stands as the user name", () => {
    expect(maskUrls("https://ghp_abcdef@example.com/x http://t@h/y")).toBe("https://***@example.com/x http://***@h/y");
  });

  it("hides a password that holds an @ to its end", () => {
    expect(maskUrls("https://joe:p@ss@example.com/x")).toBe("https://***@example.com/x");
  });

  it("leaves the user of ssh and mail addresses in peace", () => {
    const text = "ssh://git@example.com/a git@example.com:a.git Joe <joe@example.com> https://example.com/@scope/pkg";
    expect(maskUrls(text)).toBe(text);
  });

  it("hides a password of ssh", () => {
    expect(maskUrls("ssh://git:pw@example.com/a")).toBe("ssh://***@example.com/a");
  });

  it("hides known secrets also outside of URLs, encoded and decoded", () => {
    const mask = createMask(secretsOfUrl("https://joe:p%40ssw0rd@example.com/x"));
    expect(mask("remote: bad password p@ssw0rd or p%40ssw0rd")).toBe("remote: bad password *** or ***");
  });

  it("does not mask secrets that are too short to be told from words", () => {
    expect(createMask(["a"])("a banana")).toBe("a banana");
  });

  it("finds no secret in a URL without one", () => {
    expect(secretsOfUrl("https://example.com/x")).toEqual([]);
    expect(secretsOfUrl("ssh://git@example.com/x")).toEqual([]);
  });
});
