/** Level-triggered loops over keys: one queue, one controller, one way to gather nudges. */
export {
  type Controller,
  type ControllerOptions,
  createController,
  type Reconcile,
  type ReconcileOutcome,
  type ReconcileResult,
} from "./controller.ts";
export { type Debounce, type DebounceOptions, debounce } from "./debounce.ts";
export { type KeyQueue, keyQueue } from "./queue.ts";
export type { ResyncOptions } from "./resync.ts";
