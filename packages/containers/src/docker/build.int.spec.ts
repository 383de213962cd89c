import { delay } from "@slipway/kernel";
import type { ContractHarness } from "../contract-harness.ts";
import { writeTar } from "../tar.ts";
import { dockerHarness } from "./contract-harness.ts";

describe("builds on Docker Engine", () => {
  let use: ContractHarness;
  beforeAll(async () => {
    use = await dockerHarness();
  });
  afterAll(() => use.tearDown());

  const build = (dockerfile: string, more: Parameters<ContractHarness["engine"]["images"]["build"]>[1] = {}) =>
    use.engine.images.build(writeTar({ Dockerfile: dockerfile, "app.txt": "app" }), {
      ...more,
      labels: { ...use.labels },
    });

  it("make a tagged image and tell every line of their output", async () => {
    const lines: string[] = [];
    const tag = `${use.prefix}built:1`;
    const id = await build(
      `FROM ${use.image}\nARG WHO\nCOPY app.txt /tmp/\nRUN echo "hello $WHO" && cat /tmp/app.txt`,
      {
        tags: [tag],
        buildArgs: { WHO: "world" },
        networkMode: "none",
        noCache: true,
        onLog: (line) => lines.push(line),
      },
    );
    expect((await use.engine.images.inspect(tag)).id).toBe(id);
    expect(lines).toEqual(expect.arrayContaining(["hello world", expect.stringContaining("Step 4/5")]));
    await use.engine.images.remove(tag);
  });

  it.each([
    ["a step that fails", "RUN exit 3", { reason: "Step", exitCode: 3 }],
    ["a file that is not in the context", "COPY missing /tmp/", { reason: "Step" }],
    ["an instruction that does not exist", "NONSENSE", { reason: "Dockerfile" }],
  ])("%s ends in its own reason", async (_what, line, fields) => {
    const failing = build(`FROM ${use.image}\n${line}`);
    await expect(failing).rejects.toMatchObject({ code: "ImageBuildFailed", fields });
  });

  it("a base image that cannot be had, and a Dockerfile that is not there, have theirs", async () => {
    await expect(build("FROM 127.0.0.1:1/nobody/nothing:1")).rejects.toMatchObject({
      fields: { reason: "PullBaseImage" },
    });
    await expect(build("FROM scratch", { dockerfile: "other" })).rejects.toMatchObject({
      code: "ImageBuildFailed",
      fields: { reason: "Dockerfile" },
    });
  });

  it("end with the signal's reason when the caller gives up, and their container with them", async () => {
    const controller = new AbortController();
    const building = build(`FROM ${use.image}\nRUN sleep 3600`, {
      noCache: true,
      signal: controller.signal,
      onLog: (line) => line.includes("Running in") && controller.abort(new Error("cancelled")),
    });
    await expect(building).rejects.toThrow("cancelled");
    const { id } = await use.engine.images.inspect(use.image);
    while ((await use.engine.containers.list({ all: true })).some((each) => each.imageId === id)) await delay(50);
  });
});
