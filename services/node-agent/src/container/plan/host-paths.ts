/** Where the files of one pod lie on the host. Paths are absolute; nothing here touches them. */
export interface PodPaths {
  readonly dir: string;
  readonly record: string;
  readonly hosts: string;
  readonly resolvConf: string;
  readonly volumes: string;
  volume(name: string): string;
}

export const podsDir = (stateDir: string): string => `${stateDir}/pods`;

/** `uid` and volume names are checked by the gateway; whatever could leave the folder is refused all the same. */
export const podPaths = (stateDir: string, uid: string): PodPaths => {
  const dir = `${podsDir(stateDir)}/${plainName(uid)}`;
  return {
    dir,
    record: `${dir}/pod.json`,
    hosts: `${dir}/hosts`,
    resolvConf: `${dir}/resolv.conf`,
    volumes: `${dir}/volumes`,
    volume: (name) => `${dir}/volumes/${plainName(name)}`,
  };
};

const plainName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, "_");
