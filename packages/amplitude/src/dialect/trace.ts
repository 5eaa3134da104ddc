import type { Answer, JsonObject, Trace } from "@sortition/core/dialect";
import type { Observer } from "./evaluation/observer.js";
import type { Outcome } from "./evaluation/outcome.js";

/** The vendor's record of an evaluation. */
export interface AmplitudeDetails {
  /** Key of the variant; `null` if there is none. */
  readonly variantKey: string | null;
  /** Name of the segment that gave the variant; `null` if it has no name, or there is no variant. */
  readonly segmentName: string | null;
  /** True for the default variant. */
  readonly isDefault: boolean;
  /** Metadata of the flag, the segment and the variant, merged; empty without a variant. */
  readonly metadata: JsonObject;
}

/** Records one call. `onAnswer` is called with the finished call, for explanations. */
export class AmplitudeTrace implements Trace<AmplitudeDetails> {
  /** `null`: the call gave nothing. */
  outcome: Outcome | null = null;

  constructor(
    readonly observer: Observer | null = null,
    readonly onAnswer: (answer: Answer) => void = () => {},
  ) {}

  details(answer: Answer): AmplitudeDetails {
    this.onAnswer(answer);
    return detailsOf(this.outcome);
  }
}

/** The record of an outcome; `null`: the call gave nothing. */
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
    metadata: { ...variant.metadata },
  };
}
