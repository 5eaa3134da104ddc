export type DrillRequest = "report" | "close";

export type DrillMessage =
  | { readonly kind: "ready"; readonly version: number | null }
  | { readonly kind: "failed"; readonly message: string }
  | {
      readonly kind: "report";
      readonly version: number | null;
      /** Looks at the answer since the last report, and those with the default or an exception. */
      readonly looks: number;
      readonly wrong: number;
      /** Unhandled rejections and exceptions since the start. */
      readonly faults: number;
    }
  /** `close` is called now. */
  | { readonly kind: "closing" };
