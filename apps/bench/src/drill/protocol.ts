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

/** `rest`: evaluate no more, and put all exposures into Redis. */
export type RotationRequest = "rest" | "close";

/** What a process of the key rotation says about itself. */
export interface RotationReport {
  /** Subjects whose exposures were logged. */
  readonly subjects: readonly string[];
  /** Evaluations, and those that returned the default. */
  readonly looks: number;
  readonly wrong: number;
  /** Unhandled rejections and exceptions. */
  readonly faults: number;
  /** Exposures that its outbox counts as lost or unconfirmed. */
  readonly lost: number;
  /** Exposures that it delivered from Redis. */
  readonly delivered: number;
}

export type RotationMessage = "ready" | "resting" | RotationReport;
