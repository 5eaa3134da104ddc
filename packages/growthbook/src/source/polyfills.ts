import { isRuntimeFetch } from "@sortition/core/internal";
import type { VendorAny } from "../dialect/vendor-any.js";

/** A key-value store of strings that can hold the cache. */
export interface LocalStorageCompat {
  /** Returns the stored string, or `null`. */
  getItem(key: string): string | null | Promise<string | null>;
  /** Stores a string. */
  setItem(key: string, value: string): void | Promise<void>;
}

/** Platform features that `setPolyfills` can replace. */
export type Polyfills = {
  fetch: VendorAny;
  SubtleCrypto: VendorAny;
  EventSource: VendorAny;
  localStorage?: LocalStorageCompat | undefined;
};

/** Kept to detect a global `fetch` that is replaced later, e.g. by a test. */
const platformFetch = globalThis.fetch;

/** Reads platform features on first use, because `crypto` takes milliseconds to load. */
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

  get isFetchGiven(): boolean {
    return this.#fetch !== undefined;
  }

  get SubtleCrypto(): unknown {
    return this.#subtle ?? globalThis.crypto?.subtle;
  }
  set SubtleCrypto(value: unknown) {
    this.#subtle = value;
  }
}

const polyfills = new PlatformParts();

/**
 * Returns the platform features in use. `EventSource` is set only if one was passed. Otherwise, our own streams are
 * used.
 */
export function getPolyfills(): Polyfills {
  return polyfills;
}

/** Replaces platform features for all instances of the process. */
export function setPolyfills(overrides: Partial<Polyfills>): void {
  Object.assign(polyfills, overrides);
}

/** Returns the current `fetch`. The caller of `setPolyfills` vouches for its type. */
export function currentFetch(): typeof globalThis.fetch {
  return polyfills.fetch as typeof globalThis.fetch;
}

/** Returns whether the user passed a `fetch` or replaced the global one. */
export function isFetchReplaced(): boolean {
  return polyfills.isFetchGiven || globalThis.fetch !== platformFetch;
}

/**
 * Returns the option that keeps a framework's global `fetch`, such as that of Next.js, from answering from its cache. A
 * `fetch` from `setPolyfills` gets the vendor's call.
 */
export function noStore(): { cache?: "no-store" } {
  const isVendors = polyfills.isFetchGiven || (!isFetchReplaced() && isRuntimeFetch(platformFetch));
  return isVendors ? {} : { cache: "no-store" };
}

/** Returns the current decryption. The caller of `setPolyfills` vouches for its type. */
export function currentSubtle(): SubtleCryptoLike | undefined {
  return polyfills.SubtleCrypto as SubtleCryptoLike | undefined;
}

/** The part of Web Crypto that decryption needs. */
export type SubtleCryptoLike = typeof globalThis.crypto.subtle;
