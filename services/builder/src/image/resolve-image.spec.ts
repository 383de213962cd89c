import type { ObjectReferenceJson } from "@slipway/proto";
import { type ImageStreamLookup, resolveImage } from "./resolve-image.ts";

const DIGEST = `sha256:${"b".repeat(64)}`;
const HOST = "127.0.0.1:5000";
const declared: Record<string, ObjectReferenceJson> = {
  "demo/base:18": { kind: "DockerImage", name: "slipway/nodejs:18" },
  "demo/base:latest": { kind: "ImageStreamTag", name: "18" },
  "demo/base:web": { kind: "ImageStreamTag", name: "web:latest" },
  "demo/ring:a": { kind: "ImageStreamTag", name: "ring:b" },
  "demo/ring:b": { kind: "ImageStreamTag", name: "ring:a" },
};
const streams: ImageStreamLookup = {
  exists: (project, stream) => project === "demo" && ["web", "base", "ring"].includes(stream),
  latest: (project, stream, tag) =>
    `${project}/${stream}:${tag}` === "demo/web:latest" ? `${HOST}/demo/web@${DIGEST}` : undefined,
  declared: (project, stream, tag) => declared[`${project}/${stream}:${tag}`],
};
const resolve = (from: ObjectReferenceJson | undefined, project = "demo") => resolveImage(from, project, streams, HOST);

describe("which image a build starts from", () => {
  it.each([
    [{ kind: "DockerImage", name: "slipway/nodejs" }, "slipway/nodejs"],
    [{ name: "slipway/nodejs" }, "slipway/nodejs"],
    [{ kind: "ImageStreamTag", name: "web:latest" }, `${HOST}/demo/web@${DIGEST}`],
    [{ kind: "ImageStreamTag", name: "web" }, `${HOST}/demo/web@${DIGEST}`],
    [{ kind: "ImageStreamTag", name: "base:18" }, "slipway/nodejs:18"],
    [{ kind: "ImageStreamTag", name: "base:latest" }, "slipway/nodejs:18"],
    [{ kind: "ImageStreamTag", name: "base:web" }, `${HOST}/demo/web@${DIGEST}`],
    [{ kind: "ImageStreamImage", name: `web@${DIGEST}` }, `${HOST}/demo/web@${DIGEST}`],
  ])("%j is %s", (from, expected) => {
    expect(resolve(from)).toBe(expected);
  });

  it("looks into the project that the reference names", () => {
    expect(resolve({ kind: "ImageStreamTag", name: "web:latest", namespace: "demo" }, "other")).toContain("demo/web@");
  });

  it.each([
    [undefined, "names no image"],
    [{ kind: "DockerImage", name: "Not An Image" }, "not a valid image reference"],
    [{ kind: "ImageStreamTag", name: "web:v9" }, 'has no tag "v9" yet'],
    [{ kind: "ImageStreamTag", name: "none:v9" }, "does not exist"],
    [{ kind: "ImageStreamTag", name: "ring:a" }, "points at itself"],
    [{ kind: "ImageStreamImage", name: "web:v1" }, "not of the form"],
    [{ kind: "Pod", name: "x" }, "cannot start from a Pod"],
  ])("refuses %j", (from, why) => {
    expect(() => resolve(from)).toThrow(why);
  });
});
