import { SlipwayError } from "@slipway/kernel";
import type { PodJson } from "@slipway/proto";

/** The container that a call means: the one it names, or the only one. */
export const chooseContainer = ({ metadata, spec }: PodJson, wanted: string): string => {
  const names = (spec?.containers ?? []).map(({ name = "" }) => name);
  const [only] = names;
  if (wanted === "" && only !== undefined && names.length === 1) return only;
  if (names.includes(wanted)) return wanted;
  const pod = metadata?.name ?? "";
  const message =
    wanted === ""
      ? `a container name must be specified for pod ${pod}, choose one of: [${names.join(" ")}]`
      : `container ${wanted} is not valid for pod ${pod}, choose one of: [${names.join(" ")}]`;
  throw new SlipwayError("Invalid", `container: ${message}.`, { problems: [{ path: "container", message }] });
};
