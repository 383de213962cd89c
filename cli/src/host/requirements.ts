/** A program of the host that the platform runs, the Debian package that has it, and what it is for. */
export interface Requirement {
  readonly program: string;
  readonly debianPackage: string;
  readonly why: string;
  /** Not needed where `DOCKER_HOST` names an engine elsewhere. */
  readonly onlyForLocalEngine?: true;
  /** What the package would start at every boot beside ours; disabled when we installed it. */
  readonly unit?: string;
}

/** In the order in which a missing one is named. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    program: "dockerd",
    debianPackage: "docker.io",
    why: "runs containers and builds images",
    onlyForLocalEngine: true,
  },
  {
    program: "iptables",
    debianPackage: "iptables",
    why: "lets the container engine set up its networks",
    onlyForLocalEngine: true,
  },
  {
    program: "nats-server",
    debianPackage: "nats-server",
    why: "carries events, logs and requests",
    unit: "nats-server.service",
  },
  {
    program: "docker-registry",
    debianPackage: "docker-registry",
    why: "keeps the images that builds make",
    unit: "docker-registry.service",
  },
  {
    program: "haproxy",
    debianPackage: "haproxy",
    why: "is the edge: routes from outside to pods",
    unit: "haproxy.service",
  },
  { program: "nft", debianPackage: "nftables", why: "turns service addresses into pod addresses in the kernel" },
  { program: "ip", debianPackage: "iproute2", why: "sets up bridges and routes" },
  { program: "umount", debianPackage: "mount", why: "lets go of volumes in memory and of the engine's file systems" },
  { program: "git", debianPackage: "git", why: "fetches the sources of builds" },
  { program: "ssh", debianPackage: "openssh-client", why: "fetches sources from git over ssh" },
  { program: "tar", debianPackage: "tar", why: "packs and unpacks sources" },
  { program: "mmdebstrap", debianPackage: "mmdebstrap", why: "makes the root file system of the base image" },
  { program: "busybox", debianPackage: "busybox-static", why: "is the one program in the sandbox of every pod" },
];
