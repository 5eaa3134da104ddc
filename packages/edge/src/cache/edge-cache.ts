/** Where isolates share the vendor's answers: bytes by name. */
export interface EdgeCache {
  /** The bytes under a name; `null` or `undefined`: there are none. */
  get(name: string): Promise<ArrayBuffer | Uint8Array | null | undefined>;
  /** Stores bytes, for this time at least if the cache can. */
  put(name: string, bytes: Uint8Array, options: { readonly ttlMs: number }): Promise<unknown>;
  /**
   * How far `get` may be behind `put`, ms. A copy that is older than `maxAgeMs` by less is asked for again by one isolate
   * in sixteen only, since another one may have confirmed it. Default: 0.
   */
  readonly lagMs?: number;
}
