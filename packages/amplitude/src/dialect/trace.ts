import type { Answer, JsonObject, Recorder, Trace } from "@sortition/core/dialect";
import { copyJson } from "@sortition/core/dialect-internal";
import type { Outcome } from "./evaluation/outcome.js";

/** The vendor's record of an evaluation. */
export interface AmplitudeDetails {
  /** Key of the variant, or `null`. */
  readonly variantKey: string | null;
  /**
   * Name of the segment that assigned the variant, or `null` if it has no name or there is no
   * variant.
   */
  readonly segmentName: string | null;
  /** Whether this is the default variant. */
  readonly isDefault: boolean;
  /** Merged metadata of the flag, the segment and the variant. Empty without a variant. */
  readonly metadata: JsonObject;
}

/** Records one call. `onAnswer` is called with the finished call, for explanations. */
export class AmplitudeTrace implements Trace<AmplitudeDetails> {
  /** `null` if nothing was assigned. */
  outcome: Outcome | null = null;

  constructor(
    readonly recorder: Recorder | null = null,
    readonly onAnswer: ((answer: Answer) => void) | null = null,
  ) {}

  details(answer: Answer): AmplitudeDetails {
    this.onAnswer?.(answer);
    return detailsOf(this.outcome);
  }
}

/** Returns the record of an outcome. */
export function detailsOf(outcome: Outcome | null): AmplitudeDetails {
  if (outcome === null) {
    return { variantKey: null, segmentName: null, isDefault: false, metadata: {} };
  }
  const { isDefault, segment, variant } = outcome;
  const { key } = variant as { readonly key?: unknown };
  return {
    variantKey: typeof key === "string" ? key : null,
    segmentName: segment,
    isDefault,
    metadata: copyJson(variant.metadata) as JsonObject, // the copy of an object is an object
  };
}
