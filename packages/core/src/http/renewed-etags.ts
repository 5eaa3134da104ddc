import type { Payload } from "../model/configuration.js";

/** The etags that servers sent with a 304. The next request for the same bytes uses the newer etag. */
export class RenewedEtags {
  readonly #etags = new WeakMap<Payload, string>();

  /** Returns the etag to send, or `null`. */
  of(held: Payload): string | null {
    return this.#etags.get(held) ?? held.etag;
  }

  /** Notes the etag of a 304. `null`: it has none, so the previous one is kept. */
  renew(held: Payload, etag: string | null): void {
    if (etag !== null) this.#etags.set(held, etag);
  }
}
