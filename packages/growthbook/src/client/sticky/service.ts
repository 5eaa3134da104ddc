import { stickyKey } from "../../dialect/evaluation/experiment/sticky.js";
import type { StickyAssignmentsDocument } from "../../dialect/wire.js";
import type { StickyAttributeKey } from "../../model/sticky.js";

/** The methods that an instance calls on a sticky bucket service. */
export interface StickyBucketServiceCompat {
  /** Returns the documents of several attribute values. */
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

  /** Returns the document of one attribute value. */
  abstract getAssignments(
    attributeName: string,
    attributeValue: string,
  ): Promise<StickyAssignmentsDocument | null>;

  /** Stores a document. */
  abstract saveAssignments(doc: StickyAssignmentsDocument): Promise<unknown>;

  /** Returns the documents of several attribute values, with one `getAssignments` call for each. */
  async getAllAssignments(
    attributes: Record<string, string>,
  ): Promise<Record<StickyAttributeKey, StickyAssignmentsDocument>> {
    const found = await Promise.all(
      Object.entries(attributes).map(([name, value]) => this.getAssignments(name, value)),
    );
    return documentsByKey(found);
  }

  /** Returns the key under which a document is stored. */
  getKey(attributeName: string, attributeValue: string): string {
    return `${this.prefix}${stickyKey(attributeName, attributeValue)}`;
  }
}

/** A {@link StickyBucketService} with a synchronous store. */
export abstract class StickyBucketServiceSync extends StickyBucketService {
  /** Returns the document of one attribute value. */
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

  /** Returns the documents of several attribute values. */
  getAllAssignmentsSync(
    attributes: Record<string, string>,
  ): Record<StickyAttributeKey, StickyAssignmentsDocument> {
    return documentsByKey(
      Object.entries(attributes).map(([name, value]) => this.getAssignmentsSync(name, value)),
    );
  }
}

/** Parses a stored document. Returns `null` for anything else. */
export function parseDocument(text: string | null | undefined): StickyAssignmentsDocument | null {
  try {
    const data: unknown = JSON.parse(text || "{}");
    const { attributeName, attributeValue, assignments } = Object(data) as Record<string, unknown>;
    // The other members are returned as they were stored.
    return attributeName && attributeValue && assignments
      ? (data as StickyAssignmentsDocument)
      : null;
  } catch {
    return null;
  }
}

/** @param found - custom services may return `undefined` for a missing document. */
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
