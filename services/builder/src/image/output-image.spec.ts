import { resolveOutput } from "./output-image.ts";

const streams = { exists: (project: string, stream: string) => `${project}/${stream}` === "demo/web" };
const HOST = "127.0.0.1:5000";
const resolve = (to: Parameters<typeof resolveOutput>[0]) => resolveOutput(to, "demo", streams, HOST);

describe("where a build's image goes", () => {
  it("goes nowhere without an output", () => {
    expect(resolve(undefined)).toBeUndefined();
    expect(resolve({})).toBeUndefined();
  });

  it("goes to the platform's registry for a tag of an image stream", () => {
    const expected = {
      reference: `${HOST}/demo/web:v1`,
      repository: `${HOST}/demo/web`,
      host: HOST,
      tag: { project: "demo", stream: "web", tag: "v1" },
    };
    expect(resolve({ kind: "ImageStreamTag", name: "web:v1" })).toEqual(expected);
    expect(resolve({ name: "web" })?.tag?.tag).toBe("latest");
  });

  it("goes to another registry for an image", () => {
    expect(resolve({ kind: "DockerImage", name: "registry.example.com/a/b" })).toEqual({
      reference: "registry.example.com/a/b:latest",
      repository: "registry.example.com/a/b",
      host: "registry.example.com",
    });
  });

  it.each([
    [{ kind: "ImageStreamTag", name: "none:v1" }, "does not exist"],
    [{ kind: "ImageStreamTag", name: "web:v1", namespace: "other" }, 'cannot write to project "other"'],
    [{ kind: "ImageStreamTag", name: "web:not a tag" }, "not of the form"],
    [{ kind: "DockerImage", name: "a@sha256:1" }, "not an image reference"],
    [{ kind: "Pod", name: "web" }, "cannot write to a Pod"],
  ])("refuses %j", (to, why) => {
    expect(() => resolve(to)).toThrow(why);
  });
});
