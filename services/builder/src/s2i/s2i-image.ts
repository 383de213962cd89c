import type { ImageInfo } from "@slipway/containers";

/** What an image says about source-to-image, in today's labels and in the old ones. */
export interface S2iImage {
  /** Where its scripts are: `image:///usr/libexec/s2i`; empty when it does not say. */
  readonly scriptsUrl: string;
  /** The folder below which sources and artifacts are unpacked. */
  readonly destination: string;
  /** Who assembles; empty for root. */
  readonly assembleUser: string;
}

const DEFAULT_DESTINATION = "/tmp";

export const readS2iImage = ({ labels, env, user }: Pick<ImageInfo, "labels" | "env" | "user">): S2iImage => {
  const destination = labels["io.openshift.s2i.destination"] || labels["io.s2i.destination"] || env.STI_LOCATION;
  return {
    scriptsUrl: labels["io.openshift.s2i.scripts-url"] || labels["io.s2i.scripts-url"] || env.STI_SCRIPTS_URL || "",
    destination: (destination || DEFAULT_DESTINATION).replace(/(.)\/+$/, "$1"),
    assembleUser: labels["io.openshift.s2i.assemble-user"] || user,
  };
};

/** The folder that an `image://` URL names; `undefined` for another URL. */
export const folderOfImageUrl = (url: string): string | undefined => {
  const path = /^image:\/\/(\/.*)$/.exec(url)?.[1];
  return path === undefined ? undefined : path.replace(/(.)\/+$/, "$1");
};
