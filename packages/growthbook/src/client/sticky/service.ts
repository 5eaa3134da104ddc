import { stickyKey } from "../../dialect/evaluation/experiment/sticky.js";
import type { StickyAssignmentsDocument } from "../../dialect/wire.js";
import type { StickyAttributeKey } from "../../model/sticky.js";

/** What an instance needs of a sticky bucket service. */
export interface StickyBucketServiceCompat {
  /** The documents of several attribute values. */
  getAllAssignments(
    attributes: Record<string, string>,
  ): Promise<Record<StickyAttributeKey, StickyAssignmentsDocument>>;
  /** Stores a document. */
  saveAssignments(doc: StickyAssignmentsDocument): Promise<unknown>;
}

/** Reads and writes documents of sticky bucket assignments. */
export abstract class StickyBucketService implements StickyBucketServiceCompat {
  protected prefix: string;

  constructor(opts: { prefix?: string | undefined } = {}) {
    this.prefix = opts.prefix || "";
  }

  /** The document of one attribute value. */
  abstract getAssignments(
    attributeName: string,
    attributeValue: string,
  ): Promise<StickyAssignmentsDocument | null>;

  /** Stores a document. */
  abstract saveAssignments(doc: StickyAssignmentsDocument): Promise<unknown>;

  /** The documents of several attribute values, by one `getAssignments` each. */
  async getAllAssignments(
    attributes: Record<string, string>,
  ): Promise<Record<StickyAttributeKey, StickyAssignmentsDocument>> {
    const found = await Promise.all(
      Object.entries(attributes).map(([name, value]) => this.getAssignments(name, value)),
    );
    return documentsByKey(found);
  }

  /** Key of a stored document. */
  getKey(attributeName: string, attributeValue: string): string {
    return `${this.prefix}${stickyKey(attributeName, attributeValue)}`;
  }
}

/** A {@link StickyBucketService} whose store answers at once. */
export abstract class StickyBucketServiceSync extends StickyBucketService {
  /** The document of one attribute value. */
  abstract getAssignmentsSync(
    attributeName: string,
    attributeValue: string,
  ): StickyAssignmentsDocument | null;

  /** Stores a document. */
  abstract saveAssignmentsSync(doc: StickyAssignmentsDocument): void;

  async getAssignments(
    attributeName: string,
    attributeValue: string,
  ): Promise<StickyAssignmentsDocument | null> {
    return this.getAssignmentsSync(attributeName, attributeValue);
  }

  /** Stores a document. */
  async saveAssignments(doc: StickyAssignmentsDocument): Promise<void> {
    this.saveAssignmentsSync(doc);
  }

  /** The documents of several attribute values. */
  getAllAssignmentsSync(
    attributes: Record<string, string>,
  ): Record<StickyAttributeKey, StickyAssignmentsDocument> {
    return documentsByKey(
      Object.entries(attributes).map(([name, value]) => this.getAssignmentsSync(name, value)),
    );
  }
}

/** A stored document, or `null` for anything else. */
export function parseDocument(text: string | null | undefined): StickyAssignmentsDocument | null {
  try {
    const data: unknown = JSON.parse(text || "{}");
    const { attributeName, attributeValue, assignments } = Object(data) as Record<string, unknown>;
    // The rest of the document is what was stored.
    return attributeName && attributeValue && assignments
      ? (data as StickyAssignmentsDocument)
      : null;
  } catch {
    return null;
  }
}

/** @param found - a service of the caller's may have `undefined` for none. */
function documentsByKey(
  found: readonly (StickyAssignmentsDocument | null | undefined)[],
): Record<StickyAttributeKey, StickyAssignmentsDocument> {
  const documents: Record<StickyAttributeKey, StickyAssignmentsDocument> = {};
  for (const document of found) {
    if (!document) continue;
    documents[stickyKey(document.attributeName, document.attributeValue)] = document;
  }
  return documents;
}
