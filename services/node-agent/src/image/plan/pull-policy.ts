import type { ContainerJson } from "@slipway/proto";

export type PullPolicy = "Always" | "IfNotPresent" | "Never";

/** Always for an image without a tag or with the tag latest, else IfNotPresent; unless the container says. */
export const pullPolicy = ({ image = "", imagePullPolicy }: ContainerJson): PullPolicy => {
  if (imagePullPolicy === "Always" || imagePullPolicy === "IfNotPresent" || imagePullPolicy === "Never") {
    return imagePullPolicy;
  }
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
};

/** `127.0.0.1:5000` of `127.0.0.1:5000/demo/web@sha256:…`; empty for an image of the default registry. */
export const registryOf = (image: string): string => {
  const [first = "", second] = image.split("/");
  return second !== undefined && (/[.:]/.test(first) || first === "localhost") ? first : "";
};
