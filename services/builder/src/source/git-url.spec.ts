import { checkGitRef, parseGitUrl } from "./git-url.ts";

describe("repository addresses", () => {
  it.each([
    ["https://example.com/a.git", "https"],
    ["HTTP://example.com/a", "http"],
    ["ssh://git@example.com:2222/a.git", "ssh"],
    ["git@example.com:team/app.git", "ssh"],
    ["example.com:app.git", "ssh"],
    ["git://example.com/a", "git"],
    ["file:///srv/a.git", "file"],
  ])("takes %s as %s", (uri, protocol) => {
    expect(parseGitUrl(uri)).toEqual({ protocol, url: uri });
  });

  it("takes a plain path as a file URL", () => {
    expect(parseGitUrl("/srv/a.git")).toEqual({ protocol: "file", url: "file:///srv/a.git" });
  });

  it.each([
    ["", "no repository address"],
    ["--upload-pack=touch /tmp/x", "starts with a dash"],
    ["-u", "starts with a dash"],
    ["ssh://-oProxyCommand=x/a", "host that starts with a dash"],
    ["ssh://git@-oProxyCommand=x/a", "host that starts with a dash"],
    ["ext::sh -c touch% /tmp/x", "space or a control character"],
    ["ext::sh", "transport helper"],
    ["fd::17", "transport helper"],
    ["ftp://example.com/a", "only https"],
    ["https:///a", "names no host"],
    ["https://example.com/a b", "space"],
    ["just-a-name", "neither a URL"],
    ["../relative", "neither a URL"],
  ])("refuses %j: %s", (uri, why) => {
    expect(() => parseGitUrl(uri)).toThrow(why);
  });

  it("hides a password in its refusal", () => {
    expect(() => parseGitUrl("ftp://joe:s3cret@example.com/a")).toThrow("ftp://***@example.com/a");
  });
});

describe("refs", () => {
  it.each(["main", "feature/x-1", "v1.2.3", "refs/pull/1/head", "0123abcd"])("takes %s", (ref) => {
    expect(checkGitRef(ref)).toBe(ref);
  });

  it.each(["--upload-pack=x", "-b", "a b", "a..b", "HEAD~1", "a:b", "+a:b", "a\nb", "x^{}", "*"])(
    "refuses %j",
    (ref) => {
      expect(() => checkGitRef(ref)).toThrow("not a valid branch");
    },
  );
});
