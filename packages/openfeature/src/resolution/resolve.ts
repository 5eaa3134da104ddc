import {
  type AssignmentDetails,
  type BanditDetails,
  type Dialect,
  openFeatureReason,
} from "@sortition/core";
import { type MetadataScope, metadataOf } from "./metadata.js";
import type { Resolution, ResolutionErrorCode, ResolutionReason } from "./resolution.js";

/** A call to a client, with its result. */
export interface Answered {
  readonly flagKey: string;
  /** `null` if the subject has no key. */
  readonly subjectKey: string | null;
  /** Details of the evaluation, including the bandit's if one chose an action. */
  readonly details: Omit<AssignmentDetails<unknown>, "action"> &
    Pick<BanditDetails, "action"> &
    Partial<Pick<BanditDetails, "banditExposure">>;
  /** Name of the client's dialect. */
  readonly dialect: string;
  /** That dialect's terms; `null` if there was no configuration. */
  readonly openFeature: Dialect["openFeature"] | null;
  /** Revision of the configuration that was evaluated; `null` if there was no configuration. */
  readonly revision: string | null;
  readonly environment: string | null;
  /** Whether that configuration is older than the client's `staleAfterMs`. */
  readonly isStale: boolean;
}

/** Options that decide what a resolution contains besides value and reason. */
export interface ResolutionOptions {
  /** Which metadata to include: `all`, `vendor` (only the vendor's own metadata of the flag) or `none`. Default: `all`. */
  readonly metadata?: MetadataScope | undefined;
  /** Whether to leave the targeting key out of the metadata. Default: `false`. */
  readonly omitContextId?: boolean | undefined;
  /** Whether the reason is `STALE` if the configuration is older than the client's `staleAfterMs`. Default: `true`. */
  readonly staleReason?: boolean | undefined;
}

type Changeable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * Converts the result of a call to an OpenFeature resolution.
 *
 * @param value - returned to the caller if the evaluation succeeded.
 * @param defaultValue - returned to the caller if it failed.
 * @see docs/guides/openfeature.md, "Reasons"
 */
export function resolutionOf<T>(
  answered: Answered,
  value: T,
  defaultValue: T,
  options: ResolutionOptions = {},
): Resolution<T> {
  const { details, flagKey, isStale } = answered;
  const outcome = openFeatureReason(details);
  const metadata = metadataOf(answered, options);
  if (outcome.reason === "ERROR") {
    const cause = details.reason === "unresolved" ? causeOf(details.evaluationDetails) : "";
    const message = `${problemText(flagKey, outcome.problem)}${cause}`;
    const failed = failedResolution(defaultValue, outcome.errorCode, message);
    return metadata === undefined ? failed : { ...failed, flagMetadata: metadata };
  }
  const { variationKey } = details;
  // The age of the configuration does not matter for an override.
  const isOld = isStale && options.staleReason !== false && details.reason !== "override";
  const reason: ResolutionReason = isOld ? "STALE" : outcome.reason;
  if (isOld && metadata !== undefined && options.metadata !== "vendor") {
    metadata["formerReason"] = outcome.reason;
  }
  // Literals are faster than spreads, and this runs in every evaluation.
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

/** Resolution of a call that threw, because the client was in strict mode or the caller's own code threw. */
export function thrownResolution<T>(
  defaultValue: T,
  thrown: unknown,
  flagKey: string,
): Resolution<T> {
  const code = memberOf(thrown, "code");
  const isOurs = typeof code === "string" && code.startsWith("SORTITION_");
  const cause = memberOf(memberOf(thrown, "cause"), "code");
  const errorCode = cause === "SORTITION_DECODE" ? cause : isOurs ? code : "an exception";
  const outcome = openFeatureReason({ reason: "error", errorCode });
  if (outcome.reason !== "ERROR") return { value: defaultValue, reason: outcome.reason }; // never happens, but narrows the type
  return failedResolution(defaultValue, outcome.errorCode, problemText(flagKey, outcome.problem));
}

const SHOWN_LENGTH = 100;

/** @param flagKey - JavaScript callers may pass anything, of any length. */
function problemText(flagKey: unknown, problem: string): string {
  const shown = typeof flagKey === "string" ? flagKey.slice(0, SHOWN_LENGTH) : typeof flagKey;
  return `flag "${shown}": ${problem}`;
}

function causeOf(details: object): string {
  const { unresolvedReason: cause } = details as Readonly<Record<string, unknown>>;
  return typeof cause === "string" ? `: ${cause}` : "";
}

function memberOf(value: unknown, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined; // the thrown value may be `null` or `undefined`, or a proxy that throws
  }
}
