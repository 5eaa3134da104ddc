import { isJsonObject, type JsonObject, type PayloadItems } from "@sortition/core/dialect";

/** The kinds of items in a payload. */
export type ItemKind = "flags" | "segments";

const KINDS: readonly ItemKind[] = ["flags", "segments"];

/**
 * The flags and segments of a stream. A change is only applied if its version is higher. A deleted item leaves its version,
 * so that an older change does not revive it. The store does not know the format of events.
 */
export class VersionedStore {
  readonly #items: Readonly<Record<ItemKind, Items>> = {
    flags: new Items(),
    segments: new Items(),
  };
  #unusable: JsonObject | null = null;

  /** Content without flags, which the dialect rejects with an explanation. `null`: there are flags. */
  get unusable(): JsonObject | null {
    return this.#unusable;
  }

  /** The current flags and segments. Later changes do not affect the result. */
  get items(): PayloadItems {
    const { flags, segments } = this.#items;
    return { flags: flags.revision, segments: segments.revision };
  }

  /** Replaces everything. */
  reset(content: JsonObject): void {
    this.#unusable = isJsonObject(content["flags"]) ? null : content;
    for (const kind of KINDS) {
      const given = content[kind];
      this.#items[kind].reset(isJsonObject(given) ? given : {});
    }
  }

  /** Adds or replaces an item. Returns whether the change was applied. */
  put(kind: ItemKind, key: string, data: JsonObject): boolean {
    return this.#set(kind, key, data["version"], JSON.stringify(data));
  }

  /** Deletes an item. Returns whether the change was applied. */
  delete(kind: ItemKind, key: string, version: unknown): boolean {
    return this.#set(kind, key, version, null);
  }

  #set(kind: ItemKind, key: string, version: unknown, json: string | null): boolean {
    if (!this.#items[kind].set(key, version, json)) return false;
    this.#unusable = null;
    return true;
  }
}

/** The items of one kind. */
class Items {
  readonly #versions = new Map<string, unknown>();
  readonly #json = new Map<string, string>();
  #revision: ReadonlyMap<string, string> | null = null;

  /** The JSON of each item. The same object until the next change. */
  get revision(): ReadonlyMap<string, string> {
    this.#revision ??= new Map(this.#json);
    return this.#revision;
  }

  reset(content: JsonObject): void {
    this.#versions.clear();
    this.#json.clear();
    this.#revision = null;
    for (const [key, item] of Object.entries(content)) {
      this.#versions.set(key, isJsonObject(item) ? item["version"] : undefined);
      this.#json.set(key, JSON.stringify(item));
    }
  }

  /**
   * Sets or deletes (`null`) an item, unless its version is too old. Versions are compared as in the vendor's SDK, which
   * does not check their type.
   */
  set(key: string, version: unknown, json: string | null): boolean {
    const isKnown = this.#versions.has(key);
    const isNewer = (this.#versions.get(key) as number) < (version as number);
    if (isKnown && !isNewer) return false;
    this.#versions.set(key, version);
    if (json === null) this.#json.delete(key);
    else this.#json.set(key, json);
    this.#revision = null;
    return true;
  }
}
