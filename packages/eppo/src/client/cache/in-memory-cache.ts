import { cacheSize } from "../taken-values.js";
import type {
  AssignmentCache,
  AssignmentCacheEntry,
  AssignmentCacheKey,
} from "./assignment-cache.js";

/** Remembers the last value of each subject and flag, without limit. For `useCustomAssignmentCache`. */
export class NonExpiringInMemoryAssignmentCache implements AssignmentCache {
  private readonly values: Map<string, string>;

  /** @param store - where the entries are kept; its strings are opaque. */
  constructor(store: Map<string, string> = new Map()) {
    this.values = store;
  }

  /** Whether the last value of this subject and flag is this one. */
  has(entry: AssignmentCacheEntry): boolean {
    return this.get(entry) === contentOf(entry);
  }

  /** The stored value of this subject and flag, opaque. */
  get(key: AssignmentCacheKey): string | undefined {
    return this.values.get(keyOf(key));
  }

  /** Replaces the value of this subject and flag. */
  set(entry: AssignmentCacheEntry): void {
    this.values.set(keyOf(entry), contentOf(entry));
  }

  /** All entries, the oldest first. */
  entries(): IterableIterator<[string, string]> {
    return this.values.entries();
  }
}

/** Remembers the last value of the most recently used subjects and flags. For `useCustomAssignmentCache`. */
export class LRUInMemoryAssignmentCache implements AssignmentCache {
  private readonly maxSize: number;
  private readonly values = new Map<string, string>();

  /** @param maxSize - entries kept; 0 keeps none. */
  constructor(maxSize: number) {
    this.maxSize = cacheSize(maxSize);
  }

  /** Whether the last value of this subject and flag is this one; asking counts as a use. */
  has(entry: AssignmentCacheEntry): boolean {
    return this.get(entry) === contentOf(entry);
  }

  /** The stored value of this subject and flag, opaque. */
  get(entry: AssignmentCacheKey): string | undefined {
    const key = keyOf(entry);
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  /** Replaces the value of this subject and flag, and forgets the least recently used if there are too many. */
  set(entry: AssignmentCacheEntry): void {
    if (this.maxSize === 0) return;
    const key = keyOf(entry);
    this.values.delete(key);
    this.values.set(key, contentOf(entry));
    if (this.values.size <= this.maxSize) return;
    const [oldest = key] = this.values.keys();
    this.values.delete(oldest);
  }

  /** All entries, the least recently used first. */
  entries(): IterableIterator<[string, string]> {
    return this.values.entries();
  }
}

function keyOf({ subjectKey, flagKey }: AssignmentCacheKey): string {
  return JSON.stringify([subjectKey, flagKey]);
}

/** Accepts what callers without types pass, too: a member that an entry lacks is `undefined`. */
function contentOf(entry: AssignmentCacheEntry): string {
  const members: EntryMembers = entry;
  const { actionKey, allocationKey, banditKey, variationKey } = members;
  const content = banditKey === undefined ? [allocationKey, variationKey] : [banditKey, actionKey];
  return JSON.stringify(content);
}

type EntryMembers = {
  readonly [Name in "actionKey" | "allocationKey" | "banditKey" | "variationKey"]?: string;
};
