/**
 * Outcome of a three-valued test: false, true, or unknown with a reason. A small integer, because an evaluation must
 * not allocate. Exceptions, as in the vendor's SDK, would make an undecided flag 200 times slower.
 */
export type Tri = number;

/** The reason why local evaluation cannot decide a flag. */
export type UnresolvedReason =
  | "experience_continuity"
  | "unsupported_definition"
  | "unresolved_dependency"
  | "missing_context";

/** In order of precedence. If several reasons apply, the first one is reported. */
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
/** Set if JavaScript and the server may read a pattern differently. */
const REGEX = 32;
/** Set if only the server has the data, which leaves the whole flag unresolved. */
const SERVER = 64;

/** Experience continuity, which the server decides. */
export const CONTINUITY: Tri = UNKNOWN | (0 << REASON_SHIFT);
/** The definition contains something that cannot be evaluated locally. */
export const UNSUPPORTED: Tri = UNKNOWN | (1 << REASON_SHIFT);
/** A flag on which this one depends is unresolved. */
export const UNRESOLVED_DEPENDENCY: Tri = UNKNOWN | (2 << REASON_SHIFT);
/** The call lacks a property, or its value cannot be used. */
export const MISSING_CONTEXT: Tri = UNKNOWN | (3 << REASON_SHIFT);
/** A pattern or a string that JavaScript and the server may read differently. */
export const UNCERTAIN_REGEX: Tri = UNSUPPORTED | REGEX;
/** Data that only the server has, such as a static cohort. */
export const REQUIRES_SERVER: Tri = UNSUPPORTED | SERVER;
/** Like {@link REQUIRES_SERVER}, but found while evaluating a dependency. */
const DEPENDENCY_REQUIRES_SERVER: Tri = UNRESOLVED_DEPENDENCY | SERVER;

/** Returns whether an outcome is neither true nor false. */
export function isUnknown(tri: Tri): boolean {
  return (tri & UNKNOWN) !== 0;
}

/** Returns whether only the server can evaluate the whole flag. */
export function requiresServer(tri: Tri): boolean {
  return (tri & SERVER) !== 0;
}

/** Returns whether a regular expression is the cause. */
export function isUncertainRegex(tri: Tri): boolean {
  return (tri & REGEX) !== 0;
}

/** Returns the reason of an unknown outcome. */
export function reasonOf(tri: Tri): UnresolvedReason {
  return REASONS[(tri & REASON_MASK) >> REASON_SHIFT] as UnresolvedReason; // four values, two bits
}

/**
 * Joins two unknown outcomes. The result has the reason with the higher precedence, and is uncertain if either is.
 *
 * @param known - 0 if there is none yet.
 */
export function joinUnknown(known: Tri, next: Tri): Tri {
  if (known === 0) return next & ~SERVER;
  const reason = Math.min(known & REASON_MASK, next & REASON_MASK);
  return UNKNOWN | reason | ((known | next) & REGEX);
}

/** Converts the outcome of a dependency to an outcome of the flag that depends on it. */
export function asDependency(tri: Tri): Tri {
  return requiresServer(tri) ? DEPENDENCY_REQUIRES_SERVER : UNRESOLVED_DEPENDENCY | (tri & REGEX);
}

/** Keeps the cause, but uses the reason with the higher precedence. */
export function withReason(tri: Tri, other: Tri): Tri {
  const reason = Math.min(tri & REASON_MASK, other & REASON_MASK);
  return (tri & ~REASON_MASK) | reason;
}

export function triOf(value: boolean): Tri {
  return value ? TRUE : FALSE;
}

/** Negates an outcome. Unknown outcomes stay unknown. */
export function not(tri: Tri): Tri {
  return isUnknown(tri) ? tri : tri ^ 1;
}
