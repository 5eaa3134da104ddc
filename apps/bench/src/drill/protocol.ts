export type DrillRequest = "report" | "close";

export type DrillMessage =
  | { readonly kind: "ready"; readonly version: number | null }
  | { readonly kind: "failed"; readonly message: string }
  | {
      readonly kind: "report";
      readonly version: number | null;
      /** Evaluations since the last report, and those that returned the default or threw. */
      readonly looks: number;
      readonly wrong: number;
      /** Unhandled rejections and exceptions since the start. */
      readonly faults: number;
    }
  /** `close` is being called. */
  | { readonly kind: "closing" };
