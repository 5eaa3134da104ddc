import type { Payload } from "@sortition/core/source";

/** The etags that servers sent with a 304: the next request for the same bytes has the newer one. */
export class RenewedEtags {
  readonly #etags = new WeakMap<Payload, string>();

  /** The etag to ask with; `null` without one. */
  of(held: Payload): string | null {
    return this.#etags.get(held) ?? held.etag;
  }

  /** @param etag - that of the 304; `null` without one, so that the former one stays. */
  renew(held: Payload, etag: string | null): void {
    if (etag !== null) this.#etags.set(held, etag);
  }
}
