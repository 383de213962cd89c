import { KINDS, type KindInfo } from "@slipway/domain";
import type { Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";

/** What this server serves. */
export const kinds = (): ServiceImpl<typeof Resources>["kinds"] => async () => ({
  kinds: (KINDS as readonly KindInfo[]).map(({ kind, apiVersions, plural, shortNames, namespaced }) => ({
    kind,
    apiVersions: [...apiVersions],
    plural,
    shortNames: [...shortNames],
    namespaced,
  })),
});
