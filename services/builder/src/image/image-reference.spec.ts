import { parseImageReference, repositoryOf } from "./image-reference.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("image references", () => {
  it.each([
    ["busybox", { host: "", path: "busybox", tag: "", digest: "" }],
    ["slipway/nodejs:latest", { host: "", path: "slipway/nodejs", tag: "latest", digest: "" }],
    ["127.0.0.1:5000/demo/web:v1", { host: "127.0.0.1:5000", path: "demo/web", tag: "v1", digest: "" }],
    ["localhost/a", { host: "localhost", path: "a", tag: "", digest: "" }],
    [`quay.io/a/b/c@${DIGEST}`, { host: "quay.io", path: "a/b/c", tag: "", digest: DIGEST }],
    [`[::1]:5000/a:b@${DIGEST}`, { host: "[::1]:5000", path: "a", tag: "b", digest: DIGEST }],
  ])("reads %s", (text, expected) => {
    expect(parseImageReference(text)).toEqual(expected);
  });

  it.each(["", "Upper/case", "a:", "a b", "a@sha256:12", "-a", "a//b", "host:5000/", "a:b:c", "a/../b"])(
    "refuses %j",
    (text) => {
      expect(parseImageReference(text)).toBeUndefined();
    },
  );

  it("tells the repository", () => {
    const reference = parseImageReference("127.0.0.1:5000/demo/web:v1");
    expect(reference && repositoryOf(reference)).toBe("127.0.0.1:5000/demo/web");
  });
});
