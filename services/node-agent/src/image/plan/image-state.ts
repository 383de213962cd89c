/** What stands between a container and its image. */
export type ImageState =
  | { readonly status: "present"; readonly id: string; readonly stopSignal: string }
  /** Not asked for yet. */
  | { readonly status: "absent" }
  | { readonly status: "pulling" }
  | {
      readonly status: "failed";
      /** ErrImagePull, ErrImageNeverPull or InvalidImageName. */
      readonly reason: string;
      readonly message: string;
      readonly failedAtMs: number;
      /** When it may be asked for again; never for one that only a new wish can mend. */
      readonly retryAtMs: number;
    };
