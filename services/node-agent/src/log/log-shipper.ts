import type { Bus, LogKey } from "@slipway/bus";
import type { Containers, LogLine } from "@slipway/containers";
import { asSlipwayError, backoffDelayMs, type Clock, delay, linkedSignal, raceSignal } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import { batches } from "./batches.ts";
import type { LogMarks } from "./log-marks.ts";

/** A container whose output goes to the bus. */
interface Shipped {
  readonly containerId: string;
  readonly uid: string;
  readonly key: LogKey;
}

/**
 * Copies what containers write to the bus, each line once, in order. Nothing of it stands in a container's way: the
 * engine keeps the output in files, and while the bus cannot take any more, the copy waits there. A container that
 * writes faster than the bus takes for longer than those files reach (30 MB) loses its oldest lines to the engine's rotation.
 */
export interface LogShipper {
  /** The containers of one pod that are there now; those not named any more are followed to their end and forgotten. */
  sync(uid: string, containers: readonly Shipped[]): void;
  /** Resolves when everything a dead container wrote is on the bus, at `withinMs` at the latest. */
  finished(containerId: string, withinMs: number): Promise<void>;
  /** Nothing of the pod is left. */
  forget(uid: string): Promise<void>;
  stop(): Promise<void>;
}

interface Copy {
  readonly uid: string;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

const RETRY = { initialMs: 200, maxMs: 10_000 };

export const logShipper = (options: {
  readonly containers: Pick<Containers, "logs" | "inspect">;
  readonly bus: Pick<Bus, "logs">;
  readonly marks: LogMarks;
  readonly clock: Clock;
  readonly logger: Logger;
}): LogShipper => {
  const { containers, bus, marks, clock, logger } = options;
  const copies = new Map<string, Copy>();

  const copyOnce = async ({ containerId, uid, key }: Shipped, signal: AbortSignal): Promise<void> => {
    const mark = await marks.get(uid, containerId);
    const lines = containers.logs(containerId, { follow: true, signal, ...(mark !== undefined && { since: mark }) });
    for await (const batch of batches(fresh(lines, mark), clock, signal)) {
      await publish(key, batch, signal);
      const last = batch.at(-1);
      if (last !== undefined) marks.set(uid, containerId, last.at);
    }
  };

  const publish = async (key: LogKey, batch: readonly LogLine[], signal: AbortSignal): Promise<void> => {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await bus.logs.publish(key, batch);
        return;
      } catch (cause) {
        if (failures === 1)
          logger.warn({ ...key, error: asSlipwayError(cause) }, "a container's output waits for the bus");
        await delay(backoffDelayMs(RETRY, failures), signal, clock);
      }
    }
  };

  const copy = async (shipped: Shipped, signal: AbortSignal): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await copyOnce(shipped, signal);
        const { state } = await containers.inspect(shipped.containerId, signal);
        if (state.status !== "running") return;
      } catch (cause) {
        const error = asSlipwayError(cause);
        if (signal.aborted || error.code === "ContainerNotFound") return;
        failures++;
      }
      // The engine went away, or its stream broke off: on from the last line that is on the bus.
      await delay(backoffDelayMs(RETRY, Math.max(1, failures)), signal, clock).catch(() => {});
    }
  };

  const begin = (shipped: Shipped): void => {
    const controller = new AbortController();
    const ended = copy(shipped, controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted)
        logger.warn({ ...shipped.key, error }, "a container's output is not copied any more");
    });
    copies.set(shipped.containerId, { uid: shipped.uid, controller, ended });
  };

  return {
    sync: (uid, present) => {
      const named = new Set(present.map(({ containerId }) => containerId));
      for (const [id, { uid: owner, ended }] of copies) {
        if (owner === uid && !named.has(id)) void ended.then(() => copies.delete(id));
      }
      for (const shipped of present) if (!copies.has(shipped.containerId)) begin(shipped);
    },
    finished: async (containerId, withinMs) => {
      const running = copies.get(containerId);
      if (running === undefined) return;
      const late = linkedSignal();
      const timer = clock.schedule(withinMs, () => late.abort());
      await raceSignal(running.ended, late.signal).catch(() => {});
      timer.cancel();
    },
    forget: async (uid) => {
      const own = [...copies].filter(([, copy]) => copy.uid === uid);
      for (const [id, { controller }] of own) {
        controller.abort();
        copies.delete(id);
      }
      await Promise.all(own.map(([, { ended }]) => ended));
      marks.forget(uid);
    },
    stop: async () => {
      for (const { controller } of copies.values()) controller.abort();
      await Promise.all([...copies.values()].map(({ ended }) => ended));
      await marks.flush();
    },
  };
};

/** Lines after the mark; the engine includes those of its very moment. */
async function* fresh(lines: AsyncIterable<LogLine>, mark: string | undefined): AsyncGenerator<LogLine> {
  for await (const line of lines) if (mark === undefined || line.at > mark) yield line;
}
