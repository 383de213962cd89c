import type { PodSpecJson } from "@slipway/proto";
import { parseCpuMillis, parseMemoryBytes, parseQuantity, podRequests, qosClass } from "./quantity.ts";

describe("quantities", () => {
  it.each([
    ["500m", 500],
    ["0.5", 500],
    [0.5, 500],
    [2, 2000],
    ["1100m", 1100],
    ["1.1", 1100],
    ["0.1m", 1],
    ["1e-1", 100],
    ["100u", 1],
    ["1k", 1_000_000],
  ])("reads %j of cpu as %d millicores", (text, millis) => {
    expect(parseCpuMillis(text)).toBe(millis);
  });

  it.each([
    ["64Mi", 67_108_864],
    ["1Gi", 1_073_741_824],
    ["1G", 1_000_000_000],
    ["128974848", 128_974_848],
    [1024, 1024],
    ["1.5Ki", 1536],
    ["1e3", 1000],
    ["129e6", 129_000_000],
    ["0.3k", 300],
    ["1500m", 2],
  ])("reads %j of memory as %d bytes", (text, bytes) => {
    expect(parseMemoryBytes(text)).toBe(bytes);
  });

  it.each(["", "abc", "1 Gi", "1GiB", "--1", null, undefined, {}, Number.NaN])("does not read %j", (text) => {
    expect(parseQuantity(text)).toBeUndefined();
    expect(parseCpuMillis(text)).toBeUndefined();
    expect(parseMemoryBytes(text)).toBeUndefined();
  });
});

describe("podRequests", () => {
  it("adds up the containers, and takes a limit where no request is stated", () => {
    const spec: PodSpecJson = {
      containers: [
        { resources: { requests: { cpu: "250m", memory: "64Mi" }, limits: { cpu: "1" } } },
        { resources: { limits: { cpu: "500m", memory: "1Mi" } } },
        {},
      ],
    };
    expect(podRequests(spec)).toEqual({ cpuMillis: 750, memoryBytes: 65 * 2 ** 20 });
  });

  it("asks for nothing when there is nothing to read", () => {
    expect(podRequests(undefined)).toEqual({ cpuMillis: 0, memoryBytes: 0 });
  });
});

describe("qosClass", () => {
  const all = { cpu: "1", memory: "1Gi" };

  it("is Guaranteed when every container's limits equal its requests", () => {
    expect(
      qosClass({ containers: [{ resources: { limits: all, requests: all } }, { resources: { limits: all } }] }),
    ).toBe("Guaranteed");
  });

  it("is BestEffort when nothing is stated", () => {
    expect(qosClass({ containers: [{}, { resources: {} }] })).toBe("BestEffort");
  });

  it("is Burstable for everything between", () => {
    expect(qosClass({ containers: [{ resources: { requests: { cpu: "1m" } } }, {}] })).toBe("Burstable");
    expect(qosClass({ containers: [{ resources: { limits: all } }, {}] })).toBe("Burstable");
  });
});
