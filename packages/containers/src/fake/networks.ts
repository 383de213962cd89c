import type { NetworkInfo, Networks } from "../network.ts";
import { conflict, enter, type FakeNetwork, type FakeState, findContainer, hasLabels, idOf } from "./state.ts";

export const fakeNetworks = (state: FakeState): Networks => {
  const membersOf = (name: string): string[] =>
    [...state.containers.values()]
      .filter(
        ({ status, spec }) => status === "running" && spec.network?.type === "network" && spec.network.name === name,
      )
      .map((each) => each.id);

  const infoOf = (network: FakeNetwork, containers: readonly string[]): NetworkInfo => ({
    id: network.id,
    name: network.name,
    driver: "bridge",
    subnet: network.subnet,
    gateway: network.gateway ?? "",
    bridgeName: network.bridgeName ?? `br-${network.id.slice(0, 12)}`,
    labels: network.labels ?? {},
    containers,
  });

  return {
    async ensure(spec, signal) {
      await enter(state, "networks.ensure", spec.name, signal);
      const network = state.networks.get(spec.name) ?? { ...spec, id: idOf(state) };
      if (network.subnet !== spec.subnet || (spec.gateway !== undefined && network.gateway !== spec.gateway)) {
        throw conflict(`network "${spec.name}"`, `it has the subnet ${network.subnet}, not ${spec.subnet}`);
      }
      state.networks.set(spec.name, network);
      return infoOf(network, membersOf(spec.name));
    },

    async inspect(name) {
      await enter(state, "networks.inspect", name);
      const network = state.networks.get(name);
      return network && infoOf(network, membersOf(name));
    },

    async remove(name) {
      await enter(state, "networks.remove", name);
      if (membersOf(name).length > 0) throw conflict(`network "${name}"`, "network has active endpoints");
      state.networks.delete(name);
    },

    async list({ labels } = {}) {
      await enter(state, "networks.list", "");
      return [...state.networks.values()]
        .filter((each) => hasLabels(each.labels, labels))
        .map((each) => infoOf(each, []));
    },

    async disconnect(name, containerId) {
      await enter(state, "networks.disconnect", name);
      findContainer(state, containerId).ip = "";
    },
  };
};
