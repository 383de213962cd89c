import { asSlipwayError, type Clock, SlipwayError, systemClock } from "@slipway/kernel";
import { z } from "zod";
import { type Component, type RunningComponents, startComponents } from "./components.ts";
import { maskedConfig, readConfig } from "./config.ts";
import { createHealth, type Health } from "./health.ts";
import { createLogger, LOG_LEVELS, type Logger } from "./logger.ts";
import { createMetrics, type MetricsRegistry } from "./metrics.ts";
import { type ProcessHost, thisProcess } from "./process-host.ts";
import { processMetrics } from "./process-metrics.ts";

/** The settings that every service has; its own schema spreads them: `z.object({ ...processConfig, … })`. */
export const processConfig = {
  logLevel: z.enum(LOG_LEVELS).default("info"),
  /** From the first stop signal to the end of the process at the latest. */
  stopDeadlineMs: z.number().int().min(0).max(600_000).default(10_000),
};

type ServiceSchema = z.ZodObject<typeof processConfig & z.ZodRawShape>;

/** What a service is built from. */
export interface ServiceContext<Config> {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly health: Health;
}

export interface ServiceOptions<Schema extends ServiceSchema> {
  /** `scheduler`; stands in every line of the log. */
  readonly name: string;
  readonly config: Schema;
  /** Fields that `--check-config` must not show. */
  readonly secretKeys?: readonly (keyof z.output<Schema> & string)[];
  /** The composition root. The parts start in this order and stop in the reverse one. */
  readonly components: (
    context: ServiceContext<Readonly<z.output<Schema>>>,
  ) => readonly Component[] | Promise<readonly Component[]>;
  readonly host?: ProcessHost;
  readonly clock?: Clock;
}

/**
 * Runs a service as this process, from its environment to its exit code:
 *
 *   read settings ─▶ build ─▶ start ─▶ ready ─▶ (first SIGTERM or SIGINT) not ready, stop in reverse ─▶ 0
 *
 * 1 ends a process that could not read its settings, build or start, that hit an error nobody caught, whose parts did
 * not stop well, that was told twice to stop, or that is over its `stopDeadlineMs`. `--check-config` prints the
 * settings in effect, secrets masked, and ends.
 */
export const runService = async <Schema extends ServiceSchema>(options: ServiceOptions<Schema>): Promise<void> => {
  const { name, clock = systemClock, host = thisProcess() } = options;
  let config: Readonly<z.output<Schema>>;
  try {
    config = readConfig(options.config, host.env);
  } catch (error) {
    host.write("stderr", `${name}: ${asSlipwayError(error).message}\n`);
    host.exit(1);
    return;
  }
  if (host.args.includes("--check-config")) {
    host.write("stdout", `${JSON.stringify(maskedConfig(config, options.secretKeys ?? []), undefined, 2)}\n`);
    host.exit(0);
    return;
  }

  const { logLevel, stopDeadlineMs } = z.object(processConfig).parse(config);
  const logger = createLogger({
    service: name,
    level: logLevel,
    destination: { write: (line) => host.write("stdout", line) },
  });
  const metrics = createMetrics();
  processMetrics(metrics);
  const health = createHealth();
  const abandonStart = new AbortController();
  let starting: Promise<RunningComponents> | undefined;
  let exitCode: number | undefined;

  /** Stops once, whoever asks; a second asker with a reason to hurry ends the process at once. */
  const stop = async (code: number): Promise<void> => {
    exitCode = code;
    health.stopping();
    clock.schedule(stopDeadlineMs, () => {
      logger.fatal({ stopDeadlineMs }, "stop deadline passed");
      host.exit(1);
    });
    abandonStart.abort(new SlipwayError("Cancelled", "The service was told to stop while it started."));
    try {
      const running = await starting?.catch(() => undefined);
      // A little before the hard end, so that parts which are late are still named in the log.
      await running?.stop(stopDeadlineMs * 0.9);
      await metrics.stop();
      logger.info("stopped");
    } catch {
      exitCode = 1;
    }
    host.exit(exitCode);
  };

  host.hold();
  host.onStopSignal((signal) => {
    if (exitCode !== undefined) {
      logger.warn({ signal }, "told twice to stop");
      host.exit(1);
      return;
    }
    logger.info({ signal }, "stopping");
    void stop(0);
  });
  host.onUncaught((error) => {
    logger.fatal({ error }, "uncaught error");
    if (exitCode === undefined) void stop(1);
    else exitCode = 1;
  });

  starting = (async () =>
    startComponents(await options.components({ config, logger, metrics, health }), {
      logger,
      clock,
      signal: abandonStart.signal,
    }))();
  try {
    await starting;
    health.started();
    logger.info("ready");
  } catch (error) {
    if (exitCode !== undefined) return;
    logger.fatal({ error }, "start failed");
    exitCode = 1;
    host.exit(1);
  }
};
