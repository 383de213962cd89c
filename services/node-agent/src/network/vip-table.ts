import { asSlipwayError, type Clock } from "@slipway/kernel";
import { debounce } from "@slipway/reconcile";
import type { Logger } from "@slipway/runtime";
import type { Traffic, TrafficDirector } from "../traffic/traffic.ts";
import type { ApplyNft } from "./nft.ts";
import { type NftOptions, nftTable, nftUpdate } from "./plan/nft-table.ts";
import { type Vip, vipsOf } from "./plan/vips.ts";

/** Keeps the kernel's table of service addresses as it should be. */
export interface VipTable extends TrafficDirector {
  /** Writes the table whole at the next turn: somebody may have removed it. */
  restore(): void;
  stop(): Promise<void>;
}

const RETRY_MS = 1_000;

export const vipTable = (options: {
  readonly traffic: Pick<Traffic, "endpoints" | "draining">;
  readonly nft: NftOptions;
  readonly apply: ApplyNft;
  readonly clock: Clock;
  readonly logger: Logger;
}): VipTable => {
  const { traffic, nft, apply, clock, logger } = options;
  /** What the kernel has; nothing known means: write it whole. */
  let applied: ReadonlyMap<string, Vip> | undefined;

  const turn = debounce({
    clock,
    gapMs: 5,
    maxMs: 50,
    run: async () => {
      const wanted = vipsOf(traffic.endpoints(), traffic.draining);
      const script = applied === undefined ? nftTable(wanted, nft) : nftUpdate(applied, wanted, nft);
      if (script === "") return;
      try {
        await apply(script);
        applied = wanted;
      } catch (cause) {
        logger.error({ error: asSlipwayError(cause) }, "the service addresses could not be written");
        applied = undefined;
        clock.schedule(RETRY_MS, () => turn.nudge());
      }
    },
  });
  return {
    nudge: turn.nudge,
    flush: turn.flush,
    restore: () => {
      applied = undefined;
      turn.nudge();
    },
    stop: turn.stop,
  };
};
