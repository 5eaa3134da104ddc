/** The subject and flag of an entry. A new entry replaces the one with the same key. */
export interface AssignmentCacheKey {
  subjectKey: string;
  flagKey: string;
}

/** The logged variation or action. */
export type AssignmentCacheValue =
  | { allocationKey: string; variationKey: string }
  | { banditKey: string; actionKey: string };

/** A logged assignment or bandit action. */
export type AssignmentCacheEntry = AssignmentCacheKey & AssignmentCacheValue;

/** Remembers logged events. Its methods are called during an evaluation. */
export interface AssignmentCache {
  /** Records that this was logged. */
  set(key: AssignmentCacheEntry): void;
  /** Whether this was already logged, so that it is not logged again. */
  has(key: AssignmentCacheEntry): boolean;
}
