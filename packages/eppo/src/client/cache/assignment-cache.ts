/** The subject and flag of an entry: what an entry replaces. */
export interface AssignmentCacheKey {
  subjectKey: string;
  flagKey: string;
}

/** What a subject was assigned. */
export type AssignmentCacheValue =
  | { allocationKey: string; variationKey: string }
  | { banditKey: string; actionKey: string };

/** One logged assignment or choice of a bandit. */
export type AssignmentCacheEntry = AssignmentCacheKey & AssignmentCacheValue;

/** Remembers what was logged. Its methods are called within an evaluation. */
export interface AssignmentCache {
  /** Notes that this was logged. */
  set(key: AssignmentCacheEntry): void;
  /** Whether this was logged, and so is not logged again. */
  has(key: AssignmentCacheEntry): boolean;
}
