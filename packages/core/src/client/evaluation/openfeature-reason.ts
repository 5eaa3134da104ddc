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
export interface OpenFeatureOrigin extends Pick<ObservedEvaluation, "reason"> {
  /** The code of any error, or `null`. */
  readonly errorCode: string | null;
}

const BY_REASON: Readonly<
  Record<Exclude<ObservedEvaluation["reason"], "error">, OpenFeatureOutcome>
> = {
  rule: { reason: "TARGETING_MATCH" },
  split: { reason: "SPLIT" },
  fallthrough: { reason: "DEFAULT" },
  static: { reason: "STATIC" },
  override: { reason: "STATIC" },
  assigned: { reason: "DEFAULT" },
  disabled: { reason: "DISABLED" },
  cycle: failed("GENERAL", "its prerequisites form a cycle"),
  "no-allocation": { reason: "DEFAULT" },
  "flag-not-found": failed("FLAG_NOT_FOUND", "does not exist"),
  "not-initialized": failed("PROVIDER_NOT_READY", "there is no configuration yet"),
  unresolved: failed("GENERAL", "cannot be evaluated locally"),
};

const BY_ERROR_CODE: ReadonlyMap<string | null, OpenFeatureOutcome> = /* @__PURE__ */ new Map([
  ["SORTITION_DECODE", failed("PARSE_ERROR", "is malformed")],
  ["SORTITION_TYPE_MISMATCH", failed("TYPE_MISMATCH", "has a different type")],
  [
    "SORTITION_INVALID_ARGUMENT",
    failed("INVALID_CONTEXT", "the flag key or the targeting key is blank"),
  ],
  [
    "SORTITION_SUBJECT_KEY_MISSING",
    failed("TARGETING_KEY_MISSING", "needs a targeting key, but the context has none"),
  ],
]);

/**
 * Converts the outcome of an evaluation to an OpenFeature reason or error code.
 *
 * @see docs/guides/openfeature.md, "Reasons"
 */
export function openFeatureReason({ errorCode, reason }: OpenFeatureOrigin): OpenFeatureOutcome {
  if (reason !== "error") return BY_REASON[reason];
  return BY_ERROR_CODE.get(errorCode) ?? failed("GENERAL", `cannot be evaluated (${errorCode})`);
}

function failed(errorCode: OpenFeatureErrorCode, problem: string): OpenFeatureOutcome {
  return { reason: "ERROR", errorCode, problem };
}
