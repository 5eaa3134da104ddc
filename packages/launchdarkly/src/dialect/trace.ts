import type { Answer, Recorder, Trace } from "@sortition/core/dialect";
import type { Outcome } from "./evaluation/outcome.js";
import type { LaunchdarklyErrorKind, LaunchdarklyReason } from "./evaluation/reason.js";

/** The details of a call that LaunchDarkly's SDK reports. */
export interface LaunchdarklyDetails {
  /** Index of the variation, or `null` if the caller got the default. */
  readonly variationIndex: number | null;
  readonly reason: LaunchdarklyReason & {
    /** Present if the flag needs a big segment. */
    readonly bigSegmentsStatus?: "HEALTHY" | "NOT_CONFIGURED";
  };
}

/** Records one evaluation. */
export class LaunchdarklyTrace implements Trace<LaunchdarklyDetails> {
  #outcome: Outcome | null = null;
  #status: "HEALTHY" | "NOT_CONFIGURED" | null = null;
  #hasContext = true;

  /** @param onAnswer - called with the completed call, for explanations. */
  constructor(
    readonly recorder: Recorder | null = null,
    readonly onAnswer: ((answer: Answer) => void) | null = null,
  ) {}

  record(outcome: Outcome, status: "HEALTHY" | "NOT_CONFIGURED" | null): void {
    this.#outcome = outcome;
    this.#status = status;
  }

  rejectContext(): void {
    this.#hasContext = false;
  }

  details(answer: Answer): LaunchdarklyDetails {
    this.onAnswer?.(answer);
    const errorKind = this.#errorKind(answer);
    if (errorKind !== null) {
      return { variationIndex: null, reason: { kind: "ERROR", errorKind } };
    }
    const { reason, variationIndex } = this.#outcome as Outcome; // recorded, because nothing failed
    const status = this.#status;
    return {
      variationIndex,
      // A copy, because callers may change it.
      reason: { ...reason, ...(status === null ? {} : { bigSegmentsStatus: status }) },
    };
  }

  #errorKind({ evaluation }: Answer): LaunchdarklyErrorKind | null {
    if (!this.#hasContext) return "USER_NOT_SPECIFIED";
    if (evaluation.kind === "default") {
      if (evaluation.reason === "flag-not-found") return "FLAG_NOT_FOUND";
      if (evaluation.reason === "not-initialized") return "CLIENT_NOT_READY";
    } else if (evaluation.kind === "error") {
      const { code } = evaluation.error;
      if (code === "SORTITION_TYPE_MISMATCH") return "WRONG_TYPE";
      if (code === "SORTITION_SUBJECT_KEY_MISSING") return "USER_NOT_SPECIFIED";
      if (this.#outcome?.reason.kind !== "ERROR") return "EXCEPTION";
    }
    return this.#outcome === null ? "EXCEPTION" : null;
  }
}
