import { SlipwayError } from "@slipway/kernel";
import type { ContainerJson } from "@slipway/proto";
import { createLogger } from "@slipway/runtime";
import { manualClock } from "@slipway/testkit";
import { imagePuller } from "./image-puller.ts";
import { pullPolicy, registryOf } from "./plan/pull-policy.ts";

const setUp = () => {
  const clock = manualClock(1_000_000);
  const pulls: { ref: string; user?: string }[] = [];
  const present = new Set<string>();
  let fails: string | undefined;
  const puller = imagePuller({
    images: {
      inspect: async (ref) => {
        if (!present.has(ref)) throw new SlipwayError("ImageNotFound", "none");
        return { id: "sha256:1", stopSignal: "SIGQUIT" } as never;
      },
      pull: async (ref, { auth } = {}) => {
        pulls.push({ ref, ...(auth && { user: auth.username }) });
        if (fails !== undefined)
          throw new SlipwayError("ImagePullFailed", `it ${fails}`, { fields: { reason: fails } });
        present.add(ref);
      },
    },
    registry: { host: "127.0.0.1:5000", auth: { username: "slipway", password: "secret" } },
    clock,
    logger: createLogger({ service: "node-agent", level: "silent" }),
    signal: new AbortController().signal,
  });
  const pull = async (container: ContainerJson, attempt = "a") => {
    const { promise, resolve } = Promise.withResolvers<void>();
    puller.pull(container, attempt, resolve);
    await promise;
  };
  return {
    puller,
    pull,
    pulls,
    present,
    clock,
    setFails: (reason: string | undefined) => {
      fails = reason;
    },
  };
};

describe("an image", () => {
  it("of the platform's registry is pulled with its name, any other without one", async () => {
    const { pull, pulls } = setUp();
    await pull({ image: "127.0.0.1:5000/demo/web@sha256:1" });
    await pull({ image: "127.0.0.1:5001/demo/web:1" });
    await pull({ image: "slipway/base:1" });
    expect(pulls.map(({ user }) => user)).toEqual(["slipway", undefined, undefined]);
  });

  it("that cannot be pulled is not asked for again before its time, which doubles", async () => {
    const { puller, pull, pulls, clock, setFails } = setUp();
    const container = { image: "web:1" };
    setFails("NotFound");
    await pull(container);
    expect(await puller.state(container, "a")).toMatchObject({ status: "failed", retryAtMs: clock.now() + 10_000 });
    puller.pull(container, "a", () => {});
    expect(pulls).toHaveLength(1);
    await clock.advance(10_000);
    await pull(container);
    expect(await puller.state(container, "a")).toMatchObject({ retryAtMs: clock.now() + 20_000 });
    setFails(undefined);
    await clock.advance(20_000);
    await pull(container);
    expect(await puller.state(container, "a")).toEqual({ status: "present", id: "sha256:1", stopSignal: "SIGQUIT" });
  });

  it("is asked for once for each run of a container with the policy Always", async () => {
    const { puller, pull, present } = setUp();
    const container: ContainerJson = { image: "web:1", imagePullPolicy: "Always" };
    present.add("web:1");
    expect((await puller.state(container, "run 0")).status).toBe("absent");
    await pull(container, "run 0");
    expect((await puller.state(container, "run 0")).status).toBe("present");
    expect((await puller.state(container, "run 1")).status).toBe("absent");
  });

  it("whose name is none is told as such", async () => {
    const { puller, pull, setFails } = setUp();
    setFails("InvalidName");
    await pull({ image: "Web:1" });
    expect(await puller.state({ image: "Web:1" }, "a")).toMatchObject({ reason: "InvalidImageName" });
  });
});

describe("the pull policy", () => {
  it.each([
    ["web", "Always"],
    ["web:latest", "Always"],
    ["localhost:5000/web", "Always"],
    ["web:1", "IfNotPresent"],
    ["web@sha256:1", "IfNotPresent"],
  ])("of %s is %s unless the container says", (image, policy) => {
    expect(pullPolicy({ image })).toBe(policy);
    expect(pullPolicy({ image, imagePullPolicy: "Never" })).toBe("Never");
  });
});

describe("the registry of an image", () => {
  it.each([
    ["127.0.0.1:5000/demo/web:1", "127.0.0.1:5000"],
    ["registry.example.com/web", "registry.example.com"],
    ["localhost/web", "localhost"],
    ["library/web", ""],
    ["web:1", ""],
  ])("%s: %s", (image, host) => expect(registryOf(image)).toBe(host));
});
