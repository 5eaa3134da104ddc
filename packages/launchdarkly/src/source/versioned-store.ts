import { isJsonObject, type JsonObject } from "@sortition/core/dialect";

/** The kinds of items in a payload. */
export type ItemKind = "flags" | "segments";

interface Item {
  readonly version: unknown;
  /** The JSON of the item. `null`: it was deleted, and the entry only keeps its version. */
  readonly json: string | null;
}

/**
 * The flags and segments of a stream. A change is only applied if its version is higher. A deleted item leaves its version,
 * so that an older change does not revive it. The store does not know the format of events.
 */
export class VersionedStore {
  readonly #items: Readonly<Record<ItemKind, Map<string, Item>>> = {
    flags: new Map(),
    segments: new Map(),
  };
  /** Content without flags, which the dialect rejects with an explanation. */
  #unusable: JsonObject | null = null;

  /** Replaces everything. */
  reset(content: JsonObject): void {
    this.#unusable = isJsonObject(content["flags"]) ? null : content;
    for (const kind of ["flags", "segments"] as const) {
      const items = this.#items[kind];
      items.clear();
      const given = content[kind];
      if (!isJsonObject(given)) continue;
      for (const [key, item] of Object.entries(given)) items.set(key, itemOf(item));
    }
  }

  /** Adds or replaces an item. Returns whether the change was applied. */
  put(kind: ItemKind, key: string, data: unknown): boolean {
    return this.#set(kind, key, itemOf(data));
  }

  /** Deletes an item. Returns whether the change was applied. */
  delete(kind: ItemKind, key: string, version: unknown): boolean {
    return this.#set(kind, key, { version, json: null });
  }

  /** Returns the payload. */
  toBytes(): Uint8Array {
    if (this.#unusable !== null) return Buffer.from(JSON.stringify(this.#unusable));
    const { flags, segments } = this.#items;
    return Buffer.from(`{"flags":{${membersOf(flags)}},"segments":{${membersOf(segments)}}}`);
  }

  #set(kind: ItemKind, key: string, item: Item): boolean {
    const items = this.#items[kind];
    const known = items.get(key);
    if (known !== undefined && !isNewer(item, known)) return false;
    items.set(key, item);
    this.#unusable = null;
    return true;
  }
}

function itemOf(data: unknown): Item {
  const version = isJsonObject(data) ? data["version"] : undefined;
  return { version, json: JSON.stringify(data) };
}

/** Versions are compared as in the vendor's SDK, which does not check their type. */
function isNewer({ version }: Item, known: Item): boolean {
  return (known.version as number) < (version as number);
}

function membersOf(items: ReadonlyMap<string, Item>): string {
  const members: string[] = [];
  for (const [key, { json }] of items) {
    if (json !== null) members.push(`${JSON.stringify(key)}:${json}`);
  }
  return members.join();
}
