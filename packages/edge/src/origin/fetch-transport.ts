import type { HttpResponse, PartMessage, UrlLike } from "@sortition/core/internal";
import { fetchResponse } from "./fetch-response.js";
import { readFetch } from "./read-fetch.js";
import type { FetchLike } from "./web.js";

/** Sends requests with `fetch`. */
export interface FetchTransport {
  /**
   * Sends one GET, follows redirects within the server, and reads the body up to its size limit.
   *
   * @throws ProtocolError for a refused redirect or a body that is too large, and rethrows errors of `fetch`.
   */
  request(message: PartMessage<UrlLike>): Promise<HttpResponse>;
}

/**
 * Creates a transport for requests that are not parts of a dialect, such as Amplitude's cohorts.
 *
 * @param fetch - default: the platform's.
 * @throws OptionError if the platform has no `fetch`.
 */
export function fetchTransport(fetch?: FetchLike): FetchTransport {
  const send = readFetch("fetch", fetch);
  return { request: (message) => fetchResponse(send, message) };
}
