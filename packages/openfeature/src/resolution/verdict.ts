import {
  type AssignmentDetails,
  type OpenFeatureOrigin,
  type OpenFeatureReason,
  openFeatureReason,
} from "@sortition/core";
import type { ResolutionErrorCode } from "./resolution.js";

/** Members of a client's details that decide the reason. */
export interface Origin
  extends OpenFeatureOrigin,
    Pick<AssignmentDetails<unknown>, "evaluationDetails"> {}

/** A reason other than `ERROR`, or an error code with a message. */
export type Verdict =
  | { readonly reason: OpenFeatureReason }
  | { readonly code: ResolutionErrorCode; readonly message: string };

/** Converts the outcome of a call to OpenFeature's terms. */
export function verdictOf(origin: Origin, flagKey: string): Verdict {
  const outcome = openFeatureReason(origin);
  if (outcome.reason !== "ERROR") return outcome;
  const cause = origin.reason === "unresolved" ? causeOf(origin.evaluationDetails) : "";
  const message = `flag "${shown(flagKey)}": ${outcome.problem}${cause}`;
  return { code: outcome.errorCode, message };
}

/** Whether the evaluation succeeded. A stale configuration still serves its values. */
export function isServed(verdict: Verdict): verdict is Exclude<Verdict, { readonly code: string }> {
  return "reason" in verdict;
}

const SHOWN_LENGTH = 100;

/** JavaScript callers may pass anything as a key, of any length. */
function shown(key: unknown): string {
  return typeof key === "string" ? key.slice(0, SHOWN_LENGTH) : typeof key;
}

function causeOf(details: object): string {
  const { unresolvedReason: cause } = details as Readonly<Record<string, unknown>>;
  return typeof cause === "string" ? `: ${cause}` : "";
}
