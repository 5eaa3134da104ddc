import {
  type CheckedRequestOptions,
  type Clock,
  checkApiKey,
  checkClock,
  checkedRequestOptions,
  type DialectAddresses,
  type Payload,
  type RequestOptions,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import { type CheckedRoute, checkedRoute, type RouteOptions } from "./proxy.js";
import type { SendRequest } from "./senders/sender.js";

/** Options of an {@link httpOrigin}. */
export interface HttpOriginOptions extends RouteOptions, RequestOptions {
  /** The vendor's SDK key. No message, status or file name contains it. */
  readonly apiKey: string;
  /** The vendor's format and addresses. Default: `eppo()`. */
  readonly dialect?: DialectAddresses | undefined;
  /** Parts of the clock to replace, for tests. */
  readonly clock?: Partial<Clock> | undefined;
}

/** {@link HttpOriginOptions} of an origin that has no dialect by default. */
export interface DialectOriginOptions extends HttpOriginOptions {
  /** The vendor's dialect, or its addresses alone. */
  readonly dialect: DialectAddresses;
  /** Asked with each request whether it is sent by other means than our connections. */
  readonly send?: SendRequest | undefined;
  /** Returns the URL of an endpoint's path and query. If it throws, the attempt fails. Default: below `baseUrl`. */
  readonly locate?: ((path: string, query: string) => URL) | undefined;
  /** Whether the body of an answer with this status is used. Default: 2xx, but for 204 and 205, which have none. */
  readonly isUsable?: ((status: number) => boolean) | undefined;
  /**
   * Whether the server offers a stream of changes, which is kept with the part. Called with the headers of each response
   * that is used, by name in lower case, and with the held part if the response is a 304. Default: it does not.
   */
  readonly offersStream?:
    | ((header: (name: string) => string | null, held: Payload | null) => boolean)
    | undefined;
}

export const ORIGIN_OPTION_NAMES: readonly (keyof HttpOriginOptions)[] = [
  "apiKey",
  "baseUrl",
  "dialect",
  "requestTimeoutMs",
  "maxBodyBytes",
  "proxy",
  "dispatcher",
  "headers",
  "clock",
];

/** Options after checks and defaults. */
export interface CheckedOriginOptions extends CheckedRoute, CheckedRequestOptions {}

/**
 * Checks all options but the dialect.
 *
 * @throws OptionError naming the first option that is unknown or has a bad value.
 */
export function checkedOriginOptions(options: HttpOriginOptions): CheckedOriginOptions {
  rejectUnknownOptions(options, ORIGIN_OPTION_NAMES);
  const { apiKey, clock } = options;
  checkApiKey(apiKey);
  const route = checkedRoute(options);
  checkClock(clock);
  return { ...checkedRequestOptions(options), ...route };
}
