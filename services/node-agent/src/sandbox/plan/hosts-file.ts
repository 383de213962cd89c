import type { HostAliasJson } from "@slipway/proto";

/** The pod's `/etc/hosts`: itself by name, and the names that its manifest adds. */
export const hostsFile = (podIP: string, hostname: string, aliases: readonly HostAliasJson[]): string =>
  [
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    `${podIP}\t${hostname}`,
    ...aliases
      .filter(({ ip, hostnames }) => ip && hostnames && hostnames.length > 0)
      .map(({ ip, hostnames }) => `${ip}\t${hostnames?.join("\t")}`),
    "",
  ].join("\n");
