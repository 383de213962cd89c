/** What tests of several packages share. */

export {
  COMMANDS,
  type CommandOf,
  garbageEvent,
  historyOf,
  STREAM_KINDS,
  type Step,
  steps,
  unlessRefused,
} from "./arbitraries.ts";
export { DeciderSpecification, type Decision, type Specification } from "./decider-specification.ts";
export { type ManualClock, manualClock } from "./manual-clock.ts";
export { eventually, type MemoryPlatform, memoryPlatform } from "./memory-platform.ts";
export { type MalformedManifest, mutateManifest } from "./mutate-manifest.ts";
export { startTestNats, type TestNats, type TestNatsOptions } from "./nats.ts";
export { startTestPostgres, type TestDatabase, type TestPostgres, type TestPostgresOptions } from "./postgres.ts";
