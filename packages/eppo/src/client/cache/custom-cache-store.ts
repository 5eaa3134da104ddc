import type { DeduplicationStore } from "@sortition/core/internal";
import type { AssignmentCache, AssignmentCacheEntry } from "./assignment-cache.js";

/** Determines the members of a cache's entries. */
export type CacheKind = "assignment" | "bandit";

/** Remembers logged events in the user's cache, and events that are still being logged in its own memory. */
export class CustomCacheStore implements DeduplicationStore {
  readonly #cache: AssignmentCache;
  readonly #kind: CacheKind;
  /**
   * Events that are being logged, by the JSON of their entry. A logger that evaluates the same flag
   * must not log them again.
   */
  readonly #reserved = new Map<string, string>();

  constructor(cache: AssignmentCache, kind: CacheKind) {
    this.#cache = cache;
    this.#kind = kind;
  }

  has(flagKey: string, subjectKey: string, via: string | null, choice: string | null): boolean {
    const entry = this.#entry(flagKey, subjectKey, via, choice);
    return (
      (this.#reserved.size > 0 && this.#reserved.has(JSON.stringify(entry))) ||
      this.#cache.has(entry)
    );
  }

  reserve(...[flagKey, subjectKey, via, choice, messageId]: Exposure): void {
    const entry = this.#entry(flagKey, subjectKey, via, choice);
    this.#reserved.set(JSON.stringify(entry), messageId);
  }

  confirm(...exposure: Exposure): void {
    const [flagKey, subjectKey, via, choice] = exposure;
    this.release(...exposure);
    this.#cache.set(this.#entry(flagKey, subjectKey, via, choice));
  }

  release(...[flagKey, subjectKey, via, choice, messageId]: Exposure): void {
    const key = JSON.stringify(this.#entry(flagKey, subjectKey, via, choice));
    if (this.#reserved.get(key) === messageId) this.#reserved.delete(key);
  }

  #entry(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
  ): AssignmentCacheEntry {
    // The vendor's names for missing values.
    return this.#kind === "assignment"
      ? {
          flagKey,
          subjectKey,
          allocationKey: via ?? "__eppo_no_allocation",
          variationKey: choice ?? "__eppo_no_variation",
        }
      : {
          flagKey,
          subjectKey,
          banditKey: via ?? "",
          actionKey: choice ?? "__eppo_no_action",
        };
  }
}

type Exposure = Parameters<DeduplicationStore["reserve"]>;
