import { fromEnvList, toContainerConfig } from "./container-config.ts";

describe("a container's spec in the engine's words", () => {
  it("says nothing of what is absent", () => {
    expect(toContainerConfig({ image: "web:1" })).toEqual({
      Image: "web:1",
      HostConfig: { RestartPolicy: { Name: "no" } },
    });
  });

  it("carries limits without room to swap, mounts, names and ports", () => {
    const config = toContainerConfig({
      image: "web:1",
      command: ["/run"],
      args: ["a"],
      env: { A: "b=c" },
      network: { type: "network", name: "pods", ip: "10.0.0.5" },
      binds: [{ source: "/data", target: "/srv", readOnly: true }],
      resources: { nanoCpus: 5e8, memoryBytes: 67_108_864 },
      ports: [
        { containerPort: 53, protocol: "udp", hostIp: "127.0.0.1" },
        { containerPort: 80, hostPort: 8080 },
      ],
    });
    expect(config).toMatchObject({
      Entrypoint: ["/run"],
      Cmd: ["a"],
      Env: ["A=b=c"],
      ExposedPorts: { "53/udp": {}, "80/tcp": {} },
      NetworkingConfig: { EndpointsConfig: { pods: { IPAMConfig: { IPv4Address: "10.0.0.5" } } } },
      HostConfig: {
        NetworkMode: "pods",
        Binds: ["/data:/srv:ro"],
        CpuPeriod: 100_000,
        CpuQuota: 50_000,
        Memory: 67_108_864,
        MemorySwap: 67_108_864,
        PortBindings: {
          "53/udp": [{ HostIp: "127.0.0.1", HostPort: "" }],
          "80/tcp": [{ HostIp: "", HostPort: "8080" }],
        },
      },
    });
  });

  it("raises limits that the engine would refuse as too small, and lets a limit exceed the host's processors", () => {
    const hostConfig = (resources: object) => toContainerConfig({ image: "web:1", resources }).HostConfig;
    expect(hostConfig({ memoryBytes: 5 * 1024 ** 2 })).toMatchObject({ Memory: 6_291_456, MemorySwap: 6_291_456 });
    expect(hostConfig({ nanoCpus: 1e6 })).toMatchObject({ CpuQuota: 1_000 });
    expect(hostConfig({ nanoCpus: 4e12 })).toMatchObject({ CpuPeriod: 100_000, CpuQuota: 400_000_000 });
  });

  it("leaves the hostname to the sandbox that it joins", () => {
    const config = toContainerConfig({ image: "web:1", hostname: "web-1", network: { type: "container", id: "abc" } });
    expect(config.Hostname).toBeUndefined();
    expect(config.HostConfig?.NetworkMode).toBe("container:abc");
  });

  it("reads an environment back, with values that hold equals signs and names without a value", () => {
    expect(fromEnvList(["A=b=c", "EMPTY=", "BARE"])).toEqual({ A: "b=c", EMPTY: "", BARE: "" });
    expect(fromEnvList(null)).toEqual({});
  });
});
