import type { AssignmentDetails, BanditDetails } from "@sortition/core";
import { type MetadataScope, metadataOf } from "./metadata.js";
import type { Resolution, ResolutionErrorCode, ResolutionReason } from "./resolution.js";
import { isServed, verdictOf } from "./verdict.js";

/** A call of a client with its result. */
export interface Answered {
  readonly flagKey: string;
  /** `null`: the subject has no key. */
  readonly subjectKey: string | null;
  /** Details of the call, with those of a bandit if one was called. */
  readonly details: Omit<AssignmentDetails<unknown>, "action"> &
    Pick<BanditDetails, "action"> &
    Partial<Pick<BanditDetails, "banditExposure">>;
  /** Name of the dialect of the client. */
  readonly dialect: string;
  /** Revision of the configuration that was evaluated; `null` without one. */
  readonly revision: string | null;
  readonly environment: string | null;
  /** Whether that configuration is older than `staleAfterMs` of the client. */
  readonly isStale: boolean;
}

/** What a resolution contains besides value and reason. */
export interface ResolutionOptions {
  /** Default: `all`. */
  readonly metadata?: MetadataScope;
  /** Whether the metadata leave out the key of the subject; default: no. */
  readonly omitContextId?: boolean;
  /** Whether an old configuration gives the reason `STALE`; default: yes. */
  readonly staleReason?: boolean;
}

type Changeable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * Converts the result of a call to a resolution of OpenFeature.
 *
 * @param value - what the caller gets, unless the evaluation failed.
 * @param defaultValue - what the caller gets if it failed.
 * @see docs/guides/openfeature.md, "Reasons"
 */
export function resolutionOf<T>(
  answered: Answered,
  value: T,
  defaultValue: T,
  options: ResolutionOptions = {},
): Resolution<T> {
  const { details, flagKey, isStale } = answered;
  const verdict = verdictOf(details, flagKey);
  const metadata = metadataOf(answered, options);
  if (!isServed(verdict)) {
    const failed = failedResolution(defaultValue, verdict.code, verdict.message);
    return metadata === undefined ? failed : { ...failed, flagMetadata: metadata };
  }
  const { how, variationKey } = details;
  // An override does not come from the configuration, whose age does not matter then.
  const isOld = isStale && options.staleReason !== false && how !== "override";
  const reason: ResolutionReason = isOld ? "STALE" : verdict.reason;
  if (isOld && metadata !== undefined && options.metadata !== "vendor") {
    metadata["formerReason"] = verdict.reason;
  }
  // No spreads, and most often a literal: this runs in every evaluation.
  if (variationKey !== null && metadata !== undefined) {
    return { value, reason, variant: variationKey, flagMetadata: metadata };
  }
  const resolution: Changeable<Resolution<T>> = { value, reason };
  if (variationKey !== null) resolution.variant = variationKey;
  if (metadata !== undefined) resolution.flagMetadata = metadata;
  return resolution;
}

/** Resolution of a flag that could not be evaluated. */
export function failedResolution<T>(
  defaultValue: T,
  errorCode: ResolutionErrorCode,
  errorMessage: string,
): Resolution<T> {
  return { value: defaultValue, reason: "ERROR", errorCode, errorMessage };
}

/** Resolution of a call that threw: the client was in strict mode, or the caller's own code threw. */
export function thrownResolution<T>(
  defaultValue: T,
  thrown: unknown,
  flagKey: string,
): Resolution<T> {
  const reason = memberOf(thrown, "code");
  const isOurs = typeof reason === "string" && reason.startsWith("SORTITION_");
  const cause = memberOf(memberOf(thrown, "cause"), "code");
  const origin = {
    reason: isOurs ? reason : "an exception",
    errorCause: cause === "SORTITION_DECODE" ? ("SORTITION_DECODE" as const) : null,
    how: null,
    evaluationDetails: {},
  };
  const verdict = verdictOf(origin, flagKey);
  if (isServed(verdict)) return { value: defaultValue, reason: verdict.reason }; // never: it narrows the type
  return failedResolution(defaultValue, verdict.code, verdict.message);
}

function memberOf(value: unknown, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined; // `null` and `undefined` have no members, and a proxy may throw
  }
}
