import type { HttpResponse, PartMessage, UrlLike } from "@sortition/core/internal";
import { fetchOf } from "./fetch-of.js";
import { fetchResponse } from "./fetch-response.js";
import type { FetchLike } from "./web.js";

/** Sends requests by `fetch`. */
export interface FetchTransport {
  /**
   * Sends one GET, follows redirects within the server, and reads the body, which is bounded while it arrives.
   *
   * @throws ProtocolError for a refused redirect or too large a body; the error of `fetch`.
   */
  request(message: PartMessage<UrlLike>): Promise<HttpResponse>;
}

/**
 * Creates a transport for what a vendor requests besides the parts of its dialect, such as cohorts of Amplitude.
 *
 * @param fetch - default: the platform's.
 * @throws OptionError if there is none.
 */
export function fetchTransport(fetch?: FetchLike): FetchTransport {
  const send = fetchOf(fetch);
  return { request: (message) => fetchResponse(send, message) };
}
