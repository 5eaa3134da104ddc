import type { ObservedEvaluation } from "../../model/observed-evaluation.js";

/** OpenFeature's reasons for successful evaluations. */
export type OpenFeatureReason = "TARGETING_MATCH" | "SPLIT" | "DEFAULT" | "STATIC" | "DISABLED";

/** OpenFeature's error codes for failed evaluations. */
export type OpenFeatureErrorCode =
  | "PROVIDER_NOT_READY"
  | "FLAG_NOT_FOUND"
  | "PARSE_ERROR"
  | "TYPE_MISMATCH"
  | "INVALID_CONTEXT"
  | "TARGETING_KEY_MISSING"
  | "GENERAL";

/** An outcome in OpenFeature's terms: a reason, or an error code with a description of the problem. */
export type OpenFeatureOutcome =
  | { readonly reason: OpenFeatureReason }
  | {
      readonly reason: "ERROR";
      readonly errorCode: OpenFeatureErrorCode;
      readonly problem: string;
    };

/** The members of an observed evaluation, or of details, that determine the reason. */
export interface OpenFeatureOrigin
  extends Pick<ObservedEvaluation, "errorCause" | "how">,
    Partial<Pick<ObservedEvaluation, "note">> {
  /** The reason, or the code of any error. */
  readonly reason: string;
}

const REASON_BY_HOW = {
  rule: { reason: "TARGETING_MATCH" },
  split: { reason: "SPLIT" },
  fallthrough: { reason: "DEFAULT" },
  static: { reason: "STATIC" },
  override: { reason: "STATIC" },
} as const;
const DEFAULT: OpenFeatureOutcome = { reason: "DEFAULT" };
const DISABLED: OpenFeatureOutcome = { reason: "DISABLED" };
const CYCLE = failed("GENERAL", "its prerequisites form a cycle");
const NOT_FOUND = failed("FLAG_NOT_FOUND", "does not exist");
const NOT_READY = failed("PROVIDER_NOT_READY", "there is no configuration yet");
const UNRESOLVED = failed("GENERAL", "cannot be evaluated locally");
const MALFORMED = failed("PARSE_ERROR", "is malformed");
const OTHER_TYPE = failed("TYPE_MISMATCH", "has a different type");
const BLANK_KEY = failed("INVALID_CONTEXT", "the flag key or the targeting key is blank");

const NO_SUBJECT_KEY = failed(
  "TARGETING_KEY_MISSING",
  "needs a targeting key, but the context has none",
);

/**
 * Converts the outcome of an evaluation to an OpenFeature reason or error code.
 *
 * @see docs/reference/openfeature.md, "Reasons"
 */
export function openFeatureReason({
  errorCause,
  how,
  note = null,
  reason,
}: OpenFeatureOrigin): OpenFeatureOutcome {
  if (note === "disabled") return DISABLED;
  if (note === "cycle") return CYCLE;
  switch (reason) {
    case "assigned":
      return how === null ? DEFAULT : REASON_BY_HOW[how];
    case "no-allocation":
      return DEFAULT;
    case "flag-disabled":
      return DISABLED;
    case "flag-not-found":
      return NOT_FOUND;
    case "not-initialized":
      return NOT_READY;
    case "unresolved":
      return UNRESOLVED;
    case "SORTITION_DECODE":
      return MALFORMED;
    case "SORTITION_TYPE_MISMATCH":
      return OTHER_TYPE;
    case "SORTITION_INVALID_ARGUMENT":
      return BLANK_KEY;
    case "SORTITION_SUBJECT_KEY_MISSING":
      return NO_SUBJECT_KEY;
    default:
      if (errorCause === "SORTITION_DECODE") return MALFORMED;
      return failed("GENERAL", `cannot be evaluated (${reason})`);
  }
}

function failed(errorCode: OpenFeatureErrorCode, problem: string): OpenFeatureOutcome {
  return { reason: "ERROR", errorCode, problem };
}
