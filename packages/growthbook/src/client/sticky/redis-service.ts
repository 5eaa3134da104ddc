import { stickyKey, stickyTextOf } from "../../dialect/evaluation/experiment/sticky.js";
import type { StickyAssignmentsDocument } from "../../dialect/wire.js";
import type { StickyAttributeKey } from "../../model/sticky.js";
import { StickyBucketService } from "./service.js";

/** The commands that we use of an ioredis client. */
export interface IORedisCompat {
  /** Reads several keys. */
  mget(...keys: string[]): Promise<(string | null)[]>;
  /** Writes one key. */
  set(key: string, value: string): Promise<unknown>;
}

/**
 * Stores documents as JSON strings in Redis, in the vendor's format. Two workers that save at the same time overwrite
 * each other's changes. `fleet.stickyBuckets()` of `@sortition/redis` avoids this.
 */
export class RedisStickyBucketService extends StickyBucketService {
  readonly #redis: IORedisCompat | undefined;

  constructor({ redis }: { redis: IORedisCompat }) {
    super();
    this.#redis = redis;
  }

  override async getAllAssignments(
    attributes: Record<string, string>,
  ): Promise<Record<StickyAttributeKey, StickyAssignmentsDocument>> {
    const documents: Record<StickyAttributeKey, StickyAssignmentsDocument> = {};
    const keys = Object.entries(attributes).map(([name, value]) => stickyKey(name, value));
    if (this.#redis === undefined || keys.length === 0) return documents;
    for (const text of await this.#redis.mget(...keys)) {
      const document = parseStored(text);
      if (document === null) continue;
      const value = stickyTextOf(document.attributeValue);
      documents[stickyKey(document.attributeName, value)] = document;
    }
    return documents;
  }

  /** Returns `null`, because `getAllAssignments` reads the documents. */
  async getAssignments(_attributeName: string, _attributeValue: string): Promise<null> {
    return null;
  }

  /** Stores a document. */
  async saveAssignments(doc: StickyAssignmentsDocument): Promise<void> {
    await this.#redis?.set(this.getKey(doc.attributeName, doc.attributeValue), JSON.stringify(doc));
  }
}

/** Unlike in a cookie, the attribute value may be empty. */
function parseStored(text: string | null): StickyAssignmentsDocument | null {
  try {
    const data: unknown = JSON.parse(text || "{}");
    const document = Object(data) as Record<string, unknown>;
    const isDocument =
      document["attributeName"] && "attributeValue" in document && document["assignments"];
    return isDocument ? (data as StickyAssignmentsDocument) : null;
  } catch {
    return null;
  }
}
