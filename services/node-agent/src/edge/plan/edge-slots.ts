import type { EdgeBackend, EdgeServer } from "./edge-backends.ts";

/**
 * The places for servers that the running HAProxy has, by backend. A place is filled and emptied through its runtime API;
 * more places, or other backends, need a reload.
 */
export type EdgeSlots = ReadonlyMap<string, readonly (EdgeServer | undefined)[]>;

export interface EdgeChange {
  readonly slots: EdgeSlots;
  /** HAProxy must read its files anew. */
  readonly reload: boolean;
  /** Else these commands bring it from the slots before to those after. */
  readonly commands: readonly string[];
}

const MIN_SLOTS = 4;

/** How HAProxy gets from the servers that it has to those that it should have; a server that stays keeps its place. */
export const planSlots = (before: EdgeSlots, backends: readonly EdgeBackend[]): EdgeChange => {
  const sameBackends = before.size === backends.length && backends.every(({ name }) => before.has(name));
  const slots = new Map<string, readonly (EdgeServer | undefined)[]>();
  const commands: string[] = [];
  let reload = !sameBackends;
  for (const backend of backends) {
    const old = before.get(backend.name) ?? [];
    const fresh = arrange(old, backend.servers);
    slots.set(backend.name, fresh);
    if (fresh.length !== old.length) reload = true;
    else
      commands.push(
        ...fresh.flatMap((server, index) => commandsFor(`${backend.name}/${slotName(index)}`, old[index], server)),
      );
  }
  // Who must not get traffic any more leaves before anybody comes.
  commands.sort((a, b) => Number(b.endsWith(" maint")) - Number(a.endsWith(" maint")));
  return { slots, reload, commands: reload ? [] : commands };
};

export const slotName = (index: number): string => `s${index + 1}`;

const arrange = (
  old: readonly (EdgeServer | undefined)[],
  servers: readonly EdgeServer[],
): (EdgeServer | undefined)[] => {
  const wanted = new Map(servers.map((server) => [server.address, server]));
  const slots = old.map((held) => {
    const stays = held === undefined ? undefined : wanted.get(held.address);
    if (stays !== undefined) wanted.delete(stays.address);
    return stays;
  });
  const size = servers.length <= slots.length && slots.length > 0 ? slots.length : sizeFor(servers.length);
  while (slots.length < size) slots.push(undefined);
  for (const server of wanted.values()) slots[slots.indexOf(undefined)] = server;
  return slots;
};

/** With room for twice as many, so that growing seldom needs a reload. */
const sizeFor = (servers: number): number => {
  let size = MIN_SLOTS;
  while (size < servers * 2) size *= 2;
  return size;
};

const commandsFor = (place: string, old: EdgeServer | undefined, server: EdgeServer | undefined): string[] => {
  if (server === undefined) return old === undefined ? [] : [`set server ${place} state maint`];
  if (old?.address === server.address) {
    return old.weight === server.weight ? [] : [`set server ${place} weight ${server.weight}`];
  }
  const [ip, port] = server.address.split(":");
  return [
    ...(old === undefined ? [] : [`set server ${place} state maint`]),
    `set server ${place} addr ${ip} port ${port}`,
    `set server ${place} weight ${server.weight}`,
    `set server ${place} state ready`,
  ];
};
