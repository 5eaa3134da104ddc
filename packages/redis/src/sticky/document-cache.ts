import type { StoredAssignments } from "./document.js";

/** The last known assignments of one subject in Redis. */
export interface CachedDocument {
  readonly stored: StoredAssignments;
  /** Whether the last read of the subject succeeded. */
  readonly isCurrent: boolean;
}

/** The last known assignments in Redis, for the most recently used subjects. */
export class DocumentCache {
  readonly #max: number;
  readonly #entries = new Map<string, CachedDocument>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Returns `undefined` if the document is unknown. An unknown document may have assignments. */
  get(key: string): CachedDocument | undefined {
    return this.#entries.get(key);
  }

  set(key: string, document: CachedDocument): void {
    this.#entries.delete(key);
    this.#entries.set(key, document);
    if (this.#entries.size <= this.#max) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Marks the document as unknown after a failed read. */
  doubt(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#entries.set(key, { ...entry, isCurrent: false });
  }
}
