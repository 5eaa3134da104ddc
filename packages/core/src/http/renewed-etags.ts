import type { Payload } from "../model/configuration.js";

/** The etags that servers sent with a 304: the next request for the same bytes has the newer one. */
export class RenewedEtags {
  readonly #etags = new WeakMap<Payload, string>();

  /** The etag to ask with; `null` without one. */
  of(held: Payload): string | null {
    return this.#etags.get(held) ?? held.etag;
  }

  /** Notes the etag of a 304; `null`: it has none, so that the former one stays. */
  renew(held: Payload, etag: string | null): void {
    if (etag !== null) this.#etags.set(held, etag);
  }
}
