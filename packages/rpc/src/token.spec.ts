import { bearerToken, hashToken, newToken, type TokenGrant, tokenAuthenticator } from "./token.ts";

describe("tokenAuthenticator", () => {
  it("knows the holder of each token, and those that come and go", () => {
    const grants: TokenGrant[] = [
      { actor: "user:owner", sha256: hashToken("a") },
      { actor: "node:n1", sha256: hashToken("b") },
    ];
    const authenticate = tokenAuthenticator(grants);
    expect(authenticate("a", "m")).toEqual({ actor: "user:owner" });
    expect(authenticate("b", "m")).toEqual({ actor: "node:n1" });
    grants.pop();
    expect(() => authenticate("b", "m")).toThrow("not valid");
  });

  it("is not confused by a grant that holds no hash", () => {
    const authenticate = tokenAuthenticator([{ actor: "user:x", sha256: "" }]);
    expect(() => authenticate("", "m")).toThrow("not valid");
  });
});

describe("newToken", () => {
  it("is long, random and fit for a header", () => {
    expect(newToken()).toMatch(/^slipway_[\w-]{43}$/);
    expect(newToken()).not.toBe(newToken());
  });
});

describe("bearerToken", () => {
  it("reads the Bearer kind alone, in any case", () => {
    expect(bearerToken("Bearer abc")).toBe("abc");
    expect(bearerToken("bearer  abc ")).toBe("abc");
    for (const other of [undefined, "", "abc", "Basic abc", "Bearer", "Bearer a b"]) {
      expect(bearerToken(other)).toBeUndefined();
    }
  });
});
