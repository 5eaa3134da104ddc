import type { EventKind } from "../delivery/logged-event.js";
import { messageId } from "../delivery/message-id.js";

/** Maximum number of exposures whose IDs are kept, about 2 MB. */
const MAX_IDS = 10_000;

/** An exposure as the deduplication identifies it. */
type Identity = readonly [
  kind: EventKind,
  flagKey: string,
  subjectKey: string,
  via: string | null,
  choice: string | null,
];

/**
 * Message IDs of exposures that were lost. They are logged again with the same ID, because a receiver may have stored an
 * event before it timed out.
 */
export class LostIds {
  /** By the hash of the identity, because keys can be long. */
  readonly #ids = new Map<string, string>();

  keep(id: string, ...identity: Identity): void {
    this.#ids.set(messageId(identity), id);
    if (this.#ids.size <= MAX_IDS) return;
    for (const oldest of this.#ids.keys()) {
      this.#ids.delete(oldest);
      return;
    }
  }

  /** Removes and returns the ID of an exposure that was lost before. */
  take(...identity: Identity): string | null {
    if (this.#ids.size === 0) return null;
    const key = messageId(identity);
    const id = this.#ids.get(key) ?? null;
    this.#ids.delete(key);
    return id;
  }
}
