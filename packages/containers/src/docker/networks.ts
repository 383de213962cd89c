import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import type Docker from "dockerode";
import type { NetworkInfo, NetworkSpec, Networks } from "../network.ts";
import { guarded, guardedUnless, type Subject } from "./errors.ts";
import { labelFilter } from "./labels.ts";

const BRIDGE_NAME = "com.docker.network.bridge.name";

const network = (name: string): Subject => ({ kind: "network", name });

export const dockerNetworks = (docker: Docker): Networks => {
  const inspect = async (name: string): Promise<NetworkInfo | undefined> => {
    try {
      return await guarded(network(name), undefined, async () =>
        toNetworkInfo(await docker.getNetwork(name).inspect()),
      );
    } catch (error) {
      if (isSlipwayError(error, "NotFound")) return undefined;
      throw error;
    }
  };

  const create = async (spec: NetworkSpec, signal: AbortSignal | undefined): Promise<void> => {
    const bridge: Record<string, string> = spec.bridgeName === undefined ? {} : { [BRIDGE_NAME]: spec.bridgeName };
    await guarded(network(spec.name), signal, () =>
      docker.createNetwork({
        Name: spec.name,
        Driver: "bridge",
        // Without this the engine makes a second network of the same name.
        CheckDuplicate: true,
        Internal: spec.internal ?? false,
        Labels: { ...spec.labels },
        Options: { ...bridge, ...spec.options },
        IPAM: {
          Driver: "default",
          Config: [
            {
              Subnet: spec.subnet,
              ...(spec.gateway === undefined ? {} : { Gateway: spec.gateway }),
              ...(spec.ipRange === undefined ? {} : { IPRange: spec.ipRange }),
            },
          ],
        },
        ...(signal === undefined ? {} : { abortSignal: signal }),
      }),
    );
  };

  return {
    inspect,

    async ensure(spec, signal) {
      let found = await inspect(spec.name);
      if (found === undefined) {
        try {
          await create(spec, signal);
        } catch (error) {
          // Somebody else made it in between: theirs is checked below like any other.
          if (!isSlipwayError(error, "EngineConflict")) throw error;
        }
        found = await inspect(spec.name);
      }
      if (found === undefined || !matches(found, spec)) throw otherNetwork(spec, found);
      return found;
    },

    remove: (name) => guardedUnless([404], network(name), undefined, () => docker.getNetwork(name).remove()),

    list: ({ labels } = {}) =>
      guarded({ kind: "engine", name: "list of networks" }, undefined, async () => {
        const found = await docker.listNetworks({ filters: { label: labelFilter(labels) } });
        return found.map(toNetworkInfo);
      }),

    disconnect: (name, containerId) =>
      guarded(network(name), undefined, async () => {
        await docker.getNetwork(name).disconnect({ Container: containerId, Force: true });
      }),
  };
};

const matches = (found: NetworkInfo, spec: NetworkSpec): boolean =>
  found.subnet === spec.subnet && (spec.gateway === undefined || found.gateway === spec.gateway);

const otherNetwork = (spec: NetworkSpec, found: NetworkInfo | undefined): SlipwayError =>
  new SlipwayError(
    "EngineConflict",
    `The engine has a network "${spec.name}" with the subnet ${found?.subnet ?? "of nobody"}, not ${spec.subnet}: remove it or choose another name.`,
    { fields: { network: spec.name, wanted: spec.subnet, found: found?.subnet } },
  );

const toNetworkInfo = (raw: Docker.NetworkInspectInfo): NetworkInfo => {
  const ipam = raw.IPAM?.Config?.[0];
  return {
    id: raw.Id,
    name: raw.Name,
    driver: raw.Driver,
    subnet: ipam?.Subnet ?? "",
    gateway: ipam?.Gateway ?? "",
    bridgeName: raw.Options?.[BRIDGE_NAME] ?? `br-${raw.Id.slice(0, 12)}`,
    labels: raw.Labels ?? {},
    containers: Object.keys(raw.Containers ?? {}),
  };
};
