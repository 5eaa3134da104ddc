import { cacheSize } from "../taken-values.js";
import type {
  AssignmentCache,
  AssignmentCacheEntry,
  AssignmentCacheKey,
} from "./assignment-cache.js";

/**
 * Remembers the last value of each subject and flag, without limit. For use with
 * `useCustomAssignmentCache`.
 */
export class NonExpiringInMemoryAssignmentCache implements AssignmentCache {
  private readonly values: Map<string, string>;

  /** @param store - where to keep the entries. Its strings are opaque. */
  constructor(store: Map<string, string> = new Map()) {
    this.values = store;
  }

  /** Whether this is the last value of the subject and flag. */
  has(entry: AssignmentCacheEntry): boolean {
    return this.get(entry) === contentOf(entry);
  }

  /** Returns the stored value of the subject and flag, an opaque string. */
  get(key: AssignmentCacheKey): string | undefined {
    return this.values.get(keyOf(key));
  }

  /** Replaces the value of the subject and flag. */
  set(entry: AssignmentCacheEntry): void {
    this.values.set(keyOf(entry), contentOf(entry));
  }

  /** Returns all entries, oldest first. */
  entries(): IterableIterator<[string, string]> {
    return this.values.entries();
  }
}

/**
 * Remembers the last value of the most recently used subjects and flags. For use with
 * `useCustomAssignmentCache`.
 */
export class LRUInMemoryAssignmentCache implements AssignmentCache {
  private readonly maxSize: number;
  private readonly values = new Map<string, string>();

  /** @param maxSize - maximum number of entries. 0: nothing is remembered. */
  constructor(maxSize: number) {
    this.maxSize = cacheSize(maxSize);
  }

  /** Whether this is the last value of the subject and flag. Counts as a use. */
  has(entry: AssignmentCacheEntry): boolean {
    return this.get(entry) === contentOf(entry);
  }

  /** Returns the stored value of the subject and flag, an opaque string. */
  get(entry: AssignmentCacheKey): string | undefined {
    const key = keyOf(entry);
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  /**
   * Replaces the value of the subject and flag, and removes the least recently used entry if there
   * are too many.
   */
  set(entry: AssignmentCacheEntry): void {
    if (this.maxSize === 0) return;
    const key = keyOf(entry);
    this.values.delete(key);
    this.values.set(key, contentOf(entry));
    if (this.values.size <= this.maxSize) return;
    const [oldest = key] = this.values.keys();
    this.values.delete(oldest);
  }

  /** Returns all entries, least recently used first. */
  entries(): IterableIterator<[string, string]> {
    return this.values.entries();
  }
}

function keyOf({ subjectKey, flagKey }: AssignmentCacheKey): string {
  return JSON.stringify([subjectKey, flagKey]);
}

/** Also accepts entries of untyped callers, whose missing members are `undefined`. */
function contentOf(entry: AssignmentCacheEntry): string {
  const members: EntryMembers = entry;
  const { actionKey, allocationKey, banditKey, variationKey } = members;
  const content = banditKey === undefined ? [allocationKey, variationKey] : [banditKey, actionKey];
  return JSON.stringify(content);
}

type EntryMembers = {
  readonly [Name in "actionKey" | "allocationKey" | "banditKey" | "variationKey"]?: string;
};
