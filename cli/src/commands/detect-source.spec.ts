import { chooseSource } from "./choose-source.ts";
import { detectFromFiles } from "./detect-source.ts";

describe("what files tell of how to build them", () => {
  it.each([
    [["package.json", "server.js"], "slipway/nodejs:latest"],
    [["requirements.txt"], "slipway/python:latest"],
    [["setup.py"], "slipway/python:latest"],
    [["app.py", "README.md"], "slipway/python:latest"],
    [["index.html", "style.css"], "slipway/static:latest"],
    [["index.html", "package.json"], "slipway/nodejs:latest"],
  ])("%p is built with %s", (files, builder) => {
    expect(detectFromFiles(files)).toMatchObject({
      strategy: "source",
      builder,
      why: expect.stringMatching(/^it has /),
    });
  });

  it("takes a Dockerfile before anything else, unless it is not wanted", () => {
    expect(detectFromFiles(["Dockerfile", "package.json"])).toMatchObject({ strategy: "docker" });
    expect(detectFromFiles(["Dockerfile", "package.json"], true)).toMatchObject({ builder: "slipway/nodejs:latest" });
  });

  it("says nothing of what it does not know", () => {
    expect(detectFromFiles(["main.rs", "python"])).toBeUndefined();
  });
});

describe("choosing how to build", () => {
  const { signal } = new AbortController();
  const uri = "https://example.com/web.git";
  const never = async () => {
    throw new Error("looked at the repository");
  };

  it("looks at no repository when everything was said", async () => {
    expect(await chooseSource(uri, { strategy: "docker" }, signal, undefined, never)).toMatchObject({
      strategy: "docker",
    });
    expect(await chooseSource(uri, { builder: "my/builder:1" }, signal, undefined, never)).toMatchObject({
      strategy: "source",
      builder: "my/builder:1",
    });
  });

  it("looks past a Dockerfile for --strategy=source", async () => {
    const asked: unknown[][] = [];
    const detect = async (...args: unknown[]) => {
      asked.push(args.slice(0, 4));
      return undefined;
    };
    const wishes = { strategy: "source", ref: "v1", contextDir: "app" };
    await expect(chooseSource(uri, wishes, signal, undefined, detect)).rejects.toThrow("name a builder with --builder");
    expect(asked).toEqual([[uri, "v1", "app", true]]);
  });

  it("refuses wishes that contradict each other", async () => {
    await expect(chooseSource(uri, { strategy: "magic" }, signal, undefined, never)).rejects.toThrow(
      "source or docker",
    );
    await expect(
      chooseSource(uri, { strategy: "docker", builder: "my/builder:1" }, signal, undefined, never),
    ).rejects.toThrow("leave --builder out");
  });
});
