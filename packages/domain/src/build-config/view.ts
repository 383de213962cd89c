import type { BuildConfigJson } from "@slipway/proto";
import type { BuildConfigLive } from "./state.ts";

/** The build config with the number of its last build. */
export const buildConfigView = ({ object, lastVersion }: BuildConfigLive): BuildConfigJson => ({
  ...object,
  status: { lastVersion },
});
