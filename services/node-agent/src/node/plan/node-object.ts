import type { EngineInfo } from "@slipway/containers";
import type { NodeJson } from "@slipway/proto";

/** What the agent knows of its host. */
export interface NodeFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly podCidr: string;
  readonly hostIP: string;
  readonly hostname: string;
  readonly engine: EngineInfo;
  readonly agentVersion: string;
  /** RFC 3339. */
  readonly bootTime: string;
  /** Kept back for the host itself. */
  readonly reservedCpuMillis: number;
  readonly reservedMemoryBytes: number;
  readonly maxPods: number;
}

/** Kubernetes' names of processor architectures. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64", armv7l: "arm" };

/** The node as it reports itself. */
export const nodeObject = (facts: NodeFacts): NodeJson => {
  const { engine } = facts;
  const architecture = ARCHITECTURES[engine.architecture] ?? engine.architecture;
  const cpuMillis = engine.cpus * 1_000;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: facts.name,
      labels: {
        "kubernetes.io/hostname": facts.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture,
        ...facts.labels,
      },
    },
    spec: { podCIDR: facts.podCidr },
    status: {
      capacity: amounts(cpuMillis, engine.memoryBytes, facts.maxPods),
      allocatable: amounts(
        Math.max(0, cpuMillis - facts.reservedCpuMillis),
        Math.max(0, engine.memoryBytes - facts.reservedMemoryBytes),
        facts.maxPods,
      ),
      addresses: [
        { type: "InternalIP", address: facts.hostIP },
        { type: "Hostname", address: facts.hostname },
      ],
      nodeInfo: {
        kernelVersion: engine.kernelVersion,
        osImage: engine.operatingSystem,
        containerRuntimeVersion: `docker://${engine.version}`,
        agentVersion: facts.agentVersion,
        architecture,
        bootTime: facts.bootTime,
      },
    },
  };
};

const amounts = (cpuMillis: number, memoryBytes: number, pods: number): Record<string, string> => ({
  cpu: cpuMillis % 1_000 === 0 ? String(cpuMillis / 1_000) : `${cpuMillis}m`,
  memory: `${Math.floor(memoryBytes / 1_024)}Ki`,
  pods: String(pods),
});
