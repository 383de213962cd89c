import type { Vip } from "./vips.ts";

/** What the table needs to know besides the services. */
export interface NftOptions {
  /** `slipway_<instance>`: the agent's own table; no other is touched. */
  readonly table: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /**
   * Bridged packets do not pass netfilter here, so an answer between two pods of this node would go past the
   * translation: such connections get the node's address as their source instead.
   */
  readonly masqueradeLocal: boolean;
}

/** For ClientIP: fixed, so that a change of one pod moves as few clients as the arithmetic allows and a reload none. */
const HASH_SEED = "0x51197a79";

/**
 * The whole table as one transaction for `nft -f -`: it takes the place of what was there, and no packet sees half of it.
 *
 * A new connection to a service address is looked up in `services` and goes to the service's chain, which picks a pod;
 * one that is not found there, for want of ready pods or of a service, is refused. A pod that reaches itself through its
 * service needs its answer to come back through the node (`hairpin`).
 */
export const nftTable = (vips: ReadonlyMap<string, Vip>, options: NftOptions): string => {
  const { table, podCidr, serviceCidr, masqueradeLocal } = options;
  const served = [...vips.values()].filter(isServed);
  const local = masqueradeLocal
    ? `ct status dnat ip saddr ${podCidr} ip daddr ${podCidr} masquerade`
    : "ct status dnat ip saddr . ip daddr @hairpin masquerade";
  const lookUp = `ip daddr . meta l4proto . th dport vmap @services; ip daddr ${serviceCidr} goto refuse`;
  return [
    `add table ip ${table}`,
    `delete table ip ${table}`,
    `table ip ${table} {`,
    ...served.map((vip) => `  chain ${chainOf(vip)} { ${ruleOf(vip)}; }`),
    "  map services {",
    "    type ipv4_addr . inet_proto . inet_service : verdict",
    ...elements(served.map(serviceElement)),
    "  }",
    "  set hairpin {",
    "    type ipv4_addr . ipv4_addr",
    ...elements([...hairpins(vips)]),
    "  }",
    "  chain refuse {",
    "    meta l4proto tcp reject with tcp reset",
    "    reject with icmp port-unreachable",
    "  }",
    `  chain prerouting { type nat hook prerouting priority -100; policy accept; ${lookUp}; }`,
    `  chain output { type nat hook output priority -100; policy accept; ${lookUp}; }`,
    `  chain postrouting { type nat hook postrouting priority 99; policy accept; ${local}; }`,
    "}",
    "",
  ].join("\n");
};

/** Only what differs between two states, as one transaction; empty when nothing does. */
export const nftUpdate = (
  before: ReadonlyMap<string, Vip>,
  after: ReadonlyMap<string, Vip>,
  { table }: Pick<NftOptions, "table">,
): string => {
  const lines: string[] = [];
  for (const vip of before.values()) {
    const stays = after.get(vip.key);
    if (isServed(vip) && (stays === undefined || !isServed(stays))) lines.push(...removeVip(table, vip));
  }
  for (const vip of after.values()) {
    const old = before.get(vip.key);
    if (!isServed(vip)) continue;
    if (old === undefined || !isServed(old)) lines.push(...addVip(table, vip));
    else if (ruleOf(old) !== ruleOf(vip)) lines.push(...changeVip(table, vip));
  }
  const had = hairpins(before);
  const has = hairpins(after);
  for (const pair of had) if (!has.has(pair)) lines.push(`delete element ip ${table} hairpin { ${pair} }`);
  for (const pair of has) if (!had.has(pair)) lines.push(`add element ip ${table} hairpin { ${pair} }`);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
};

const isServed = ({ targets }: Vip): boolean => targets.length > 0;

const addVip = (table: string, vip: Vip): string[] => [
  `add chain ip ${table} ${chainOf(vip)}`,
  `add rule ip ${table} ${chainOf(vip)} ${ruleOf(vip)}`,
  `add element ip ${table} services { ${serviceElement(vip)} }`,
];

/** The chain keeps its place in the map while its one rule is replaced. */
const changeVip = (table: string, vip: Vip): string[] => [
  `flush chain ip ${table} ${chainOf(vip)}`,
  `add rule ip ${table} ${chainOf(vip)} ${ruleOf(vip)}`,
];

const removeVip = (table: string, vip: Vip): string[] => [
  `delete element ip ${table} services { ${serviceElement(vip)} }`,
  `flush chain ip ${table} ${chainOf(vip)}`,
  `delete chain ip ${table} ${chainOf(vip)}`,
];

const chainOf = ({ key }: Vip): string => `svc_${key.replace(/[^0-9a-z]+/g, "_")}`;

const serviceElement = (vip: Vip): string => `${vip.key} : goto ${chainOf(vip)}`;

const ruleOf = ({ targets, sticky }: Vip): string => {
  const [only] = targets;
  if (only === undefined) return "";
  if (targets.length === 1) return `meta l4proto { tcp, udp } dnat to ${only.replace(" . ", ":")}`;
  const pick = sticky
    ? `jhash ip saddr mod ${targets.length} seed ${HASH_SEED}`
    : `numgen random mod ${targets.length}`;
  return `meta l4proto { tcp, udp } dnat ip addr . port to ${pick} map { ${targets.map((target, index) => `${index} : ${target}`).join(", ")} }`;
};

const hairpins = (vips: ReadonlyMap<string, Vip>): ReadonlySet<string> => {
  const pairs = new Set<string>();
  for (const { targets } of vips.values()) {
    for (const target of targets) {
      const ip = target.slice(0, target.indexOf(" "));
      pairs.add(`${ip} . ${ip}`);
    }
  }
  return pairs;
};

const elements = (list: readonly string[]): string[] =>
  list.length === 0 ? [] : [`    elements = { ${list.join(", ")} }`];
