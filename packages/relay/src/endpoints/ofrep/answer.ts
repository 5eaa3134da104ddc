import type { Client, Dialect } from "@sortition/core";
import {
  type ContextSubject,
  type Resolution,
  type ResolutionMetadata,
  requestFor,
  resolutionOf,
} from "@sortition/openfeature/resolution";

/** A flag's value in OFREP's format. Without `value`, the default from your code is used. */
export interface FlagSuccess {
  readonly key: string;
  readonly value?: unknown;
  readonly reason: "STATIC" | "TARGETING_MATCH" | "SPLIT" | "DISABLED" | "UNKNOWN";
  readonly variant?: string;
  readonly metadata?: ResolutionMetadata;
}

/** OFREP's error codes for flags. */
export type FailureCode =
  | "PARSE_ERROR"
  | "TARGETING_KEY_MISSING"
  | "INVALID_CONTEXT"
  | "GENERAL"
  | "FLAG_NOT_FOUND";

export interface FlagFailure {
  readonly key: string;
  readonly errorCode: FailureCode;
  readonly errorDetails: string;
  readonly metadata?: ResolutionMetadata;
}

export type FlagAnswer = FlagSuccess | FlagFailure;

/** Facts that are the same for all flags of a response. */
export interface AnswerFacts {
  readonly dialect: Dialect;
  /** Whether the vendor has not confirmed the configuration for too long. */
  readonly isStale: boolean;
  /** Whether all flags are evaluated. */
  readonly isBulk: boolean;
}

/** Evaluates a flag for a subject. */
export function answerOf(
  client: Pick<Client<object>, "evaluate">,
  key: string,
  subject: ContextSubject,
  { dialect, isBulk, isStale }: AnswerFacts,
): FlagAnswer {
  const details = client.evaluate({ flagKey: key, ...requestFor(subject), isBulk });
  const answered = {
    flagKey: key,
    subjectKey: subject.key,
    details,
    dialect: dialect.name,
    openFeature: dialect.openFeature,
    revision: null,
    environment: null,
    isStale,
  };
  const resolution = resolutionOf<unknown>(answered, details.value, undefined, {
    metadata: "vendor",
  });
  const named = withLeftOut(resolution, subject);
  return named.errorCode === undefined
    ? successOf(key, named, !details.isDefault)
    : failureOf(key, named);
}

/** Adds the names of the parts of the context that were left out. */
function withLeftOut<T>(
  resolution: Resolution<T>,
  { leftOut = [] }: ContextSubject,
): Resolution<T> {
  if (leftOut.length === 0) return resolution;
  const { flagMetadata } = resolution;
  return { ...resolution, flagMetadata: { ...flagMetadata, leftOut: leftOut.join(", ") } };
}

/** Returns the response for a flag that is unknown, or that the token may not evaluate. */
export function notFound(key: string): FlagFailure {
  return { key, errorCode: "FLAG_NOT_FOUND", errorDetails: "there is no such flag" };
}

function successOf(
  key: string,
  { flagMetadata, reason, value, variant }: Resolution<unknown>,
  isAssigned: boolean,
): FlagSuccess {
  const known = REASONS.get(reason);
  const metadata = known === undefined ? { ...flagMetadata, reason } : flagMetadata;
  return {
    key,
    ...(isAssigned && { value }),
    reason: known ?? "UNKNOWN",
    ...(variant !== undefined && { variant }),
    ...metadataMember(metadata),
  };
}

function failureOf(
  key: string,
  { errorCode, errorMessage = "", flagMetadata }: Resolution<unknown>,
): FlagFailure {
  const code = CODES.get(errorCode);
  if (code === "FLAG_NOT_FOUND") return notFound(key);
  const errorDetails = errorMessage;
  return { key, errorCode: code ?? "GENERAL", errorDetails, ...metadataMember(flagMetadata) };
}

function metadataMember(metadata: ResolutionMetadata = {}): {
  readonly metadata?: ResolutionMetadata;
} {
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}

/** Reasons that the protocol has, too. */
const REASONS: ReadonlyMap<Resolution<unknown>["reason"], FlagSuccess["reason"]> = new Map(
  (["STATIC", "TARGETING_MATCH", "SPLIT", "DISABLED"] as const).map((it) => [it, it]),
);
const CODES: ReadonlyMap<Resolution<unknown>["errorCode"], FailureCode> = new Map(
  (["PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "FLAG_NOT_FOUND"] as const).map(
    (it) => [it, it],
  ),
);
