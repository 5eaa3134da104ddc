import type { AssignmentDetails } from "@sortition/core";
import type { ResolutionErrorCode, ResolutionReason } from "./resolution.js";

/** Members of a client's details that decide the reason. */
export interface Origin
  extends Pick<AssignmentDetails<unknown>, "errorCause" | "how" | "evaluationDetails"> {
  /** `reason` of the details, or the code of any error. */
  readonly reason: string;
}

/** A reason other than `ERROR`, or a code with a message for people. */
export type Verdict =
  | { readonly reason: Exclude<ResolutionReason, "ERROR"> }
  | { readonly code: ResolutionErrorCode; readonly message: string };

const REASON_BY_HOW = {
  rule: { reason: "TARGETING_MATCH" },
  split: { reason: "SPLIT" },
  fallthrough: { reason: "DEFAULT" },
  static: { reason: "STATIC" },
  override: { reason: "STATIC" },
} as const;
const DEFAULT: Verdict = { reason: "DEFAULT" };
const DISABLED: Verdict = { reason: "DISABLED" };

/** What OpenFeature calls the outcome of an evaluation. */
export function verdictOf(origin: Origin, dialect: string, flagKey: string): Verdict {
  const { errorCause, evaluationDetails, how, reason } = origin;
  const isAnswer = reason === "assigned" || reason === "no-allocation";
  const vendors = isAnswer ? vendorsVerdict(evaluationDetails, dialect, flagKey) : null;
  if (vendors !== null) return vendors;
  switch (reason) {
    case "assigned":
      return how === null ? DEFAULT : REASON_BY_HOW[how];
    case "no-allocation":
      return DEFAULT;
    case "flag-disabled":
      return DISABLED;
    case "flag-not-found":
      return failed("FLAG_NOT_FOUND", flagKey, "does not exist");
    case "not-initialized":
      return failed("PROVIDER_NOT_READY", flagKey, "there is no configuration yet");
    case "unresolved":
      return failed("GENERAL", flagKey, `cannot be decided locally${causeOf(evaluationDetails)}`);
    case "SORTITION_DECODE":
      return failed("PARSE_ERROR", flagKey, "is malformed");
    case "SORTITION_TYPE_MISMATCH":
      return failed("TYPE_MISMATCH", flagKey, "is of another type");
    case "SORTITION_INVALID_ARGUMENT":
      return failed("INVALID_CONTEXT", flagKey, "the flag key or the targeting key is blank");
    default:
      return errorCause === "SORTITION_DECODE"
        ? failed("PARSE_ERROR", flagKey, "is malformed")
        : failed("GENERAL", flagKey, `cannot be evaluated (${reason})`);
  }
}

/** Whether a value is served, be it of a stale configuration. */
export function isServed(verdict: Verdict): verdict is Exclude<Verdict, { readonly code: string }> {
  return "reason" in verdict;
}

function failed(code: ResolutionErrorCode, flagKey: string, problem: string): Verdict {
  return { code, message: `flag "${shown(flagKey)}": ${problem}` };
}

const SHOWN_LENGTH = 100;

/** JavaScript callers may pass anything as a key, of any length. */
function shown(key: unknown): string {
  return typeof key === "string" ? key.slice(0, SHOWN_LENGTH) : typeof key;
}

/** Verdict of outcomes that only the vendor's own record tells apart; `null`: the client's reason says it all. */
function vendorsVerdict(details: object, dialect: string, flagKey: string): Verdict | null {
  const { reasonCode, source } = details as Readonly<Record<string, unknown>>;
  if (dialect === "posthog" && reasonCode === "flag_disabled") return DISABLED;
  if (dialect !== "growthbook") return null;
  if (source === "prerequisite") return DISABLED;
  return source === "cyclicPrerequisite"
    ? failed("GENERAL", flagKey, "its prerequisites form a cycle")
    : null;
}

function causeOf(details: object): string {
  const { unresolvedReason: cause } = details as Readonly<Record<string, unknown>>;
  return typeof cause === "string" ? `: ${cause}` : "";
}
