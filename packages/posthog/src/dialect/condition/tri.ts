/**
 * Outcome of a three-valued test, as a small integer: false, true, or unknown with the reason why. Numbers, because an
 * evaluation must not allocate.
 */
export type Tri = number;

/** Why local evaluation cannot decide a flag. */
export type UnresolvedReason =
  | "experience_continuity"
  | "unsupported_definition"
  | "unresolved_dependency"
  | "missing_context";

/** In order of precedence: if several apply, the first one is reported. */
const REASONS: readonly UnresolvedReason[] = [
  "experience_continuity",
  "unsupported_definition",
  "unresolved_dependency",
  "missing_context",
];

export const FALSE: Tri = 0;
export const TRUE: Tri = 1;

const UNKNOWN = 4;
const REASON_SHIFT = 3;
const REASON_MASK = 0b11 << REASON_SHIFT;
/** Set where JavaScript and the server may read a pattern differently. */
const REGEX = 32;
/** Set where only the server has the data: the whole flag is unresolved. */
const SERVER = 64;

/** Experience continuity is decided by the server. */
export const CONTINUITY: Tri = UNKNOWN | (0 << REASON_SHIFT);
/** The definition contains something that cannot be evaluated locally. */
export const UNSUPPORTED: Tri = UNKNOWN | (1 << REASON_SHIFT);
/** A flag that this one depends on is unresolved. */
export const UNRESOLVED_DEPENDENCY: Tri = UNKNOWN | (2 << REASON_SHIFT);
/** The call lacks a property, or has one that cannot be used. */
export const MISSING_CONTEXT: Tri = UNKNOWN | (3 << REASON_SHIFT);
/** A pattern or a string outside of what JavaScript and the server read alike. */
export const UNCERTAIN_REGEX: Tri = UNSUPPORTED | REGEX;
/** Data that only the server has, such as a static cohort. */
export const REQUIRES_SERVER: Tri = UNSUPPORTED | SERVER;
/** The same, met while a dependency was evaluated. */
const DEPENDENCY_REQUIRES_SERVER: Tri = UNRESOLVED_DEPENDENCY | SERVER;

/** Whether a test was neither true nor false. */
export function isUnknown(tri: Tri): boolean {
  return (tri & UNKNOWN) !== 0;
}

/** Whether only the server can evaluate the whole flag. */
export function requiresServer(tri: Tri): boolean {
  return (tri & SERVER) !== 0;
}

/** Whether a regular expression is the cause. */
export function isUncertainRegex(tri: Tri): boolean {
  return (tri & REGEX) !== 0;
}

/** The reason of an unknown outcome. */
export function reasonOf(tri: Tri): UnresolvedReason {
  return REASONS[(tri & REASON_MASK) >> REASON_SHIFT] as UnresolvedReason; // four values, two bits
}

/**
 * Joins two unknown outcomes: the reason of higher precedence, and the uncertainty of either.
 *
 * @param known - 0 if there is none yet.
 */
export function joinUnknown(known: Tri, next: Tri): Tri {
  if (known === 0) return next & ~SERVER;
  const reason = Math.min(known & REASON_MASK, next & REASON_MASK);
  return UNKNOWN | reason | ((known | next) & REGEX);
}

/** The outcome of a dependency, as it counts for the flag that depends on it. */
export function asDependency(tri: Tri): Tri {
  return requiresServer(tri) ? DEPENDENCY_REQUIRES_SERVER : UNRESOLVED_DEPENDENCY | (tri & REGEX);
}

/** The same cause with the reason of higher precedence. */
export function withReason(tri: Tri, other: Tri): Tri {
  const reason = Math.min(tri & REASON_MASK, other & REASON_MASK);
  return (tri & ~REASON_MASK) | reason;
}

export function triOf(value: boolean): Tri {
  return value ? TRUE : FALSE;
}

/** The opposite; what is unknown stays so. */
export function not(tri: Tri): Tri {
  return isUnknown(tri) ? tri : tri ^ 1;
}
