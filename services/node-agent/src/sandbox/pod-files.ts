import { readFile } from "node:fs/promises";
import type { PodJson } from "@slipway/proto";
import { podPaths } from "../container/plan/host-paths.ts";
import { removeTree, updateMountedFile } from "../host/files.ts";
import { prepareVolumes, unmountVolumes } from "../volume/volumes.ts";
import { hostsFile } from "./plan/hosts-file.ts";
import { parseResolvConf, podResolvConf } from "./plan/resolv-conf.ts";
import { podHostname } from "./plan/sandbox-spec.ts";

/** Everything of a pod that lies in files on the host. */
export interface PodFiles {
  /** Volumes, `/etc/hosts` and `/etc/resolv.conf`, before a container is made; safe to repeat. */
  prepare(pod: PodJson, podIP: string): Promise<void>;
  remove(uid: string): Promise<void>;
}

export const podFiles = (options: {
  readonly stateDir: string;
  /** The node's DNS server, as pods see it. */
  readonly dnsAddress: string;
  /** The host's resolver settings are read each time: they change with its network. */
  readonly hostResolvConf?: string;
}): PodFiles => ({
  prepare: async (pod, podIP) => {
    const { metadata, spec = {} } = pod;
    const paths = podPaths(options.stateDir, metadata?.uid ?? "");
    const host = parseResolvConf(await readFile(options.hostResolvConf ?? "/etc/resolv.conf", "utf8").catch(() => ""));
    const resolvConf = podResolvConf(spec.dnsPolicy, metadata?.namespace ?? "", options.dnsAddress, host);
    await prepareVolumes(pod, paths);
    await updateMountedFile(paths.hosts, hostsFile(podIP, podHostname(pod), spec.hostAliases ?? []));
    await updateMountedFile(paths.resolvConf, resolvConf);
  },
  remove: async (uid) => {
    const paths = podPaths(options.stateDir, uid);
    await unmountVolumes(paths);
    await removeTree(paths.dir);
  },
});
