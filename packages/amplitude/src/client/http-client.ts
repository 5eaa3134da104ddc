import type { Agent } from "node:https";
import { parseUrl } from "@sortition/core/internal";
import {
  type RouteOptions,
  type SendRequest,
  sendByAgent,
  sendByReplacedHttp,
} from "@sortition/node/internal";
import type { ClientLog } from "../messages/logging.js";

/** Response of a server. */
export interface SimpleResponse {
  status: number;
  body: string;
}

/** Sends requests instead of this package. */
export interface HttpClient {
  /**
   * Sends a request. Rejects if there is no response. The body is `null`, because all requests are
   * `GET`.
   */
  request(
    requestUrl: string,
    method: string,
    headers: Record<string, string>,
    body: string,
    timeoutMillis?: number,
  ): Promise<SimpleResponse>;
}

/**
 * The vendor's headers, in its spelling. Other headers could promise what the client does not
 * support, such as encodings.
 */
const HEADERS = { authorization: "Authorization", "x-amp-exp-library": "X-Amp-Exp-Library" };

/**
 * Replaces an address that is not a URL, because the vendor's SDK passes such an address on to the
 * client unchanged.
 */
const STAND_IN = "https://address-of-http-client.invalid";

/** Returns the address to use for requests that a client sends. */
export function addressByClient(address: string): string {
  return /^https?:/i.test(address) && parseUrl(address) !== null ? address : STAND_IN;
}

/**
 * Sends requests with the user's client.
 *
 * @param timeoutMillis - passed to the client. The request has a separate deadline as well.
 * @param address - the server's address, as given by the user.
 */
export function sendByClient(
  client: HttpClient,
  timeoutMillis: number,
  address: string,
): SendRequest {
  return async ({ headers: all, method = "GET", url }) => {
    const given = new Headers({ ...all });
    const headers: Record<string, string> = {};
    for (const [name, spelling] of Object.entries(HEADERS)) {
      const value = given.get(name);
      if (value !== null) headers[spelling] = value;
    }
    const none = null as unknown as string; // null like the vendor's, despite its type
    const target = url.origin === STAND_IN ? url.href.replace(STAND_IN, () => address) : url.href;
    // Not imported, because few programs pass a client, and streams take a millisecond to load.
    const { Readable } = process.getBuiltinModule("node:stream");
    const { body, status } = await client.request(target, method, headers, none, timeoutMillis);
    return { statusCode: status, headers: {}, body: Readable.from([Buffer.from(`${body}`)]) };
  };
}

/**
 * Sends with the agent. Without one, sends with a replaced `request` of `node:http`, if neither `dispatcher` nor
 * `proxy` is given.
 */
export function sendAsVendor({
  dispatcher,
  httpAgent,
  proxy,
}: RouteOptions & { readonly httpAgent?: Agent | undefined }): SendRequest | undefined {
  if (httpAgent) return sendByAgent(httpAgent);
  return (proxy ?? dispatcher) === undefined ? sendByReplacedHttp : undefined;
}

/** Warns if `dispatcher` or `proxy` is given together with a vendor option that overrides it. */
export function warnOfRoute(
  { dispatcher, proxy }: RouteOptions,
  means: "httpAgent" | "httpClient",
  log: ClientLog,
): void {
  const name = proxy === undefined ? "dispatcher" : "proxy";
  if ((proxy ?? dispatcher) === undefined) return;
  log.mistake(`[Experiment] requests use ${means}, so ${name} has no effect`);
}
