/** The zone that services have their names in. */
export const CLUSTER_ZONE = "cluster.local";

/** What a resolv.conf says. */
export interface ResolverSettings {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/** The C library looks at so many names and characters of a search list. */
const MAX_SEARCH = 32;

export const parseResolvConf = (text: string): ResolverSettings => {
  const words = text
    .split("\n")
    .map((line) =>
      line
        .replace(/[#;].*$/, "")
        .trim()
        .split(/\s+/),
    )
    .filter(([keyword]) => keyword !== "");
  const all = (keyword: string) => words.filter(([first]) => first === keyword).map(([, ...rest]) => rest);
  return {
    nameservers: all("nameserver").flatMap(([address]) => (address === undefined ? [] : [address])),
    // The last line counts.
    search: all("search").at(-1) ?? all("domain").at(-1) ?? [],
    options: all("options").flat(),
  };
};

/**
 * A pod's resolver: the node's DNS server and the search path of its project, or the host's own for `dnsPolicy`
 * Default. A host's resolver on loopback means nothing inside a pod, so the node's server stands in for it there too.
 */
export const podResolvConf = (
  dnsPolicy: string | undefined,
  project: string,
  nodeDns: string,
  host: ResolverSettings,
): string => {
  if (dnsPolicy === "Default") {
    const reachable = host.nameservers.filter((address) => !/^(127\.|::1$)/.test(address));
    return render({ ...host, nameservers: reachable.length > 0 ? reachable : [nodeDns] });
  }
  const search = [`${project}.svc.${CLUSTER_ZONE}`, `svc.${CLUSTER_ZONE}`, CLUSTER_ZONE, ...host.search];
  return render({ nameservers: [nodeDns], search: [...new Set(search)].slice(0, MAX_SEARCH), options: ["ndots:5"] });
};

const render = ({ nameservers, search, options }: ResolverSettings): string =>
  [
    ...(search.length > 0 ? [`search ${search.join(" ")}`] : []),
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
    "",
  ].join("\n");
