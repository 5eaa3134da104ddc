import type { DeduplicationStore } from "@sortition/core/internal";
import type { AssignmentCache, AssignmentCacheEntry } from "./assignment-cache.js";

/** Which members the entries of a cache have. */
export type CacheKind = "assignment" | "bandit";

/** Remembers logged events in a cache of the user. An event on its way is remembered here. */
export class CustomCacheStore implements DeduplicationStore {
  readonly #cache: AssignmentCache;
  readonly #kind: CacheKind;
  /** Events on their way, by the JSON of their entry: a logger that evaluates the same flag must not log it again. */
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
    // The vendor's names for what is missing.
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
