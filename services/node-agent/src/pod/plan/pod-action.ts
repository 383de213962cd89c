/** What the agent does to a pod next. All actions of one plan may run side by side, except that `clean` comes last. */
export type PodAction =
  | { readonly type: "make-sandbox"; readonly count: number }
  | {
      readonly type: "run-container";
      readonly container: string;
      readonly restartCount: number;
      readonly backoffStep: number;
      readonly sandboxId: string;
      readonly podIP: string;
      readonly imageId: string;
      readonly stopSignal: string;
    }
  /** It was made by an agent that did not come to start it. */
  | { readonly type: "start-container"; readonly container: string; readonly id: string }
  | { readonly type: "pull"; readonly container: string }
  | { readonly type: "signal"; readonly id: string; readonly signal: string }
  | { readonly type: "remove"; readonly id: string }
  /** Take the pod out of this node's edge and service addresses, and let the others do the same. */
  | { readonly type: "drain" }
  /** Remove volumes and files, and forget the pod. */
  | { readonly type: "clean" };

/** After these the engine holds something new to plan on; the others are answered by an event or a timer. */
const PROGRESS: ReadonlySet<PodAction["type"]> = new Set([
  "make-sandbox",
  "run-container",
  "start-container",
  "remove",
]);

export const makesProgress = (action: PodAction): boolean => PROGRESS.has(action.type);
