/** Why a flag has its value, as the vendor's SDK reports it. */
export type LaunchdarklyReason =
  | { readonly kind: "OFF" }
  | { readonly kind: "FALLTHROUGH"; readonly inExperiment?: true }
  | { readonly kind: "TARGET_MATCH" }
  | {
      readonly kind: "RULE_MATCH";
      readonly ruleIndex: number;
      readonly ruleId?: unknown;
      readonly inExperiment?: true;
    }
  | { readonly kind: "PREREQUISITE_FAILED"; readonly prerequisiteKey?: unknown }
  | { readonly kind: "ERROR"; readonly errorKind: LaunchdarklyErrorKind };

/** Why a flag has no value. `UNRESOLVED` is our own kind: the flag needs a big segment, but there is no lookup for it. */
export type LaunchdarklyErrorKind =
  | "CLIENT_NOT_READY"
  | "FLAG_NOT_FOUND"
  | "MALFORMED_FLAG"
  | "USER_NOT_SPECIFIED"
  | "WRONG_TYPE"
  | "EXCEPTION"
  | "UNRESOLVED";
