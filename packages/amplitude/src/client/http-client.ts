import type { Agent } from "node:https";
import { parseUrl } from "@sortition/core/internal";
import {
  type RouteOptions,
  type SendRequest,
  sendByAgent,
  sendByReplacedHttp,
} from "@sortition/node/internal";
import type { ClientLog } from "../messages/logging.js";

/** What a server answered. */
export interface SimpleResponse {
  status: number;
  body: string;
}

/** Sends requests in the place of this package. */
export interface HttpClient {
  /** Rejects if there is no answer. The body is `null`, and the time-out in ms: all requests are `GET`. */
  request(
    requestUrl: string,
    method: string,
    headers: Record<string, string>,
    body: string,
    timeoutMillis?: number,
  ): Promise<SimpleResponse>;
}

/** The vendor's headers, in its spelling. Others would promise what the client need not keep, such as encodings. */
const HEADERS = { authorization: "Authorization", "x-amp-exp-library": "X-Amp-Exp-Library" };

/** Stands for an address that is not a URL, which the vendor's SDK passes on to the client as it is. */
const STAND_IN = "https://address-of-http-client.invalid";

/** The address by which requests to a server are made, if a client sends them. */
export function addressByClient(address: string): string {
  return /^https?:/i.test(address) && parseUrl(address) !== null ? address : STAND_IN;
}

/**
 * @param timeoutMillis - passed to the client. The request has a deadline of its own besides.
 * @param address - the address of the server as it was given.
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
    const none = null as unknown as string; // as the vendor's, against its type
    const target = url.origin === STAND_IN ? url.href.replace(STAND_IN, () => address) : url.href;
    // Not imported: few programs send by a client of their own, and streams take a millisecond to load.
    const { Readable } = process.getBuiltinModule("node:stream");
    const { body, status } = await client.request(target, method, headers, none, timeoutMillis);
    return { statusCode: status, headers: {}, body: Readable.from([Buffer.from(`${body}`)]) };
  };
}

/** Sends by the agent, else by a replaced `request` of `node:http`, unless `dispatcher` or `proxy` is given. */
export function sendAsVendor({
  dispatcher,
  httpAgent,
  proxy,
}: RouteOptions & { readonly httpAgent?: Agent | undefined }): SendRequest | undefined {
  if (httpAgent) return sendByAgent(httpAgent);
  return (proxy ?? dispatcher) === undefined ? sendByReplacedHttp : undefined;
}

/** Warns of `dispatcher` and `proxy` beside an option of the vendor's that replaces them. */
export function warnOfRoute(
  { dispatcher, proxy }: RouteOptions,
  means: "httpAgent" | "httpClient",
  log: ClientLog,
): void {
  const name = proxy === undefined ? "dispatcher" : "proxy";
  if ((proxy ?? dispatcher) === undefined) return;
  log.mistake(`[Experiment] requests go by ${means}: ${name} is not used for them`);
}
