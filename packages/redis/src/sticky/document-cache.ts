import type { StoredAssignments } from "./document.js";

/** What this process has seen of one subject in Redis. */
export interface CachedDocument {
  readonly stored: StoredAssignments;
  /** Whether Redis answered the last time that the subject was asked for. */
  readonly isCurrent: boolean;
}

/** The assignments that this process has seen in Redis, of the subjects that were asked for last. */
export class DocumentCache {
  readonly #max: number;
  readonly #entries = new Map<string, CachedDocument>();

  constructor(max: number) {
    this.#max = max;
  }

  /** `undefined` if the document is unknown; an unknown document may have assignments. */
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
