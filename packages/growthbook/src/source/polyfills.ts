import type { VendorAny } from "../dialect/vendor-any.js";

/** A store of strings by key, where the cache is kept if it is given. */
export interface LocalStorageCompat {
  /** The stored string; `null` without one. */
  getItem(key: string): string | null | Promise<string | null>;
  /** Stores a string. */
  setItem(key: string, value: string): void | Promise<void>;
}

/** Parts of the platform. Any of them can be replaced by `setPolyfills`. */
export type Polyfills = {
  fetch: VendorAny;
  SubtleCrypto: VendorAny;
  EventSource: VendorAny;
  localStorage?: LocalStorageCompat | undefined;
};

/** To notice a global `fetch` that was replaced later, e.g. by a test. */
const platformFetch = globalThis.fetch;

/** Reads what was not replaced late: `crypto` takes milliseconds to load. */
class PlatformParts implements Polyfills {
  #fetch: unknown;
  #subtle: unknown;
  localStorage?: LocalStorageCompat | undefined;
  EventSource: unknown;

  get fetch(): unknown {
    return this.#fetch ?? globalThis.fetch;
  }
  set fetch(value: unknown) {
    this.#fetch = value;
  }

  get isFetchReplaced(): boolean {
    return this.#fetch !== undefined || globalThis.fetch !== platformFetch;
  }

  get SubtleCrypto(): unknown {
    return this.#subtle ?? globalThis.crypto?.subtle;
  }
  set SubtleCrypto(value: unknown) {
    this.#subtle = value;
  }
}

const polyfills = new PlatformParts();

/** The parts in use. `EventSource` is set only if one was given: without one, streams are our own. */
export function getPolyfills(): Polyfills {
  return polyfills;
}

/** Replaces parts of the platform, for all instances of the process. */
export function setPolyfills(overrides: Partial<Polyfills>): void {
  Object.assign(polyfills, overrides);
}

/** The `fetch` in use. The caller of `setPolyfills` guarantees its type. */
export function currentFetch(): typeof globalThis.fetch {
  return polyfills.fetch as typeof globalThis.fetch;
}

/** Whether the user gave a `fetch` of its own, or replaced the global one. */
export function isFetchReplaced(): boolean {
  return polyfills.isFetchReplaced;
}

/** The decryption in use. The caller of `setPolyfills` guarantees its type. */
export function currentSubtle(): SubtleCryptoLike | undefined {
  return polyfills.SubtleCrypto as SubtleCryptoLike | undefined;
}

/** What decryption needs of Web Crypto. */
export type SubtleCryptoLike = typeof globalThis.crypto.subtle;
