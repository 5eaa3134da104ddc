import type { StickyAssignmentsDocument } from "../../dialect/wire.js";
import { StickyBucketServiceSync } from "./service.js";

/** Stores a limited number of documents in memory. Useful for tests and single workers. */
export class InMemoryStickyBucketService extends StickyBucketServiceSync {
  readonly #documents = new Map<string, string>();
  readonly #maxDocuments: number;

  /** @param options - `maxDocuments` (default: 100 000) limits the stored documents. The oldest are removed first. */
  constructor(options: { prefix?: string | undefined; maxDocuments?: number | undefined } = {}) {
    super(options);
    this.#maxDocuments = options.maxDocuments ?? 100_000;
  }

  getAssignmentsSync(
    attributeName: string,
    attributeValue: string,
  ): StickyAssignmentsDocument | null {
    const text = this.#documents.get(this.getKey(attributeName, attributeValue));
    // `saveAssignmentsSync` wrote the text. It is parsed for each caller, because callers may change the result.
    return text === undefined ? null : (JSON.parse(text) as StickyAssignmentsDocument);
  }

  saveAssignmentsSync(doc: StickyAssignmentsDocument): void {
    const key = this.getKey(doc.attributeName, doc.attributeValue);
    this.#documents.delete(key);
    this.#documents.set(key, JSON.stringify(doc));
    const [oldest] = this.#documents.keys();
    if (this.#documents.size > this.#maxDocuments && oldest !== undefined) {
      this.#documents.delete(oldest);
    }
  }
}
