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
  /** The vendor's SDK key. It never appears in messages, status or file names. */
  readonly apiKey: string;
  /** The vendor's format and addresses. Default: `eppo()`. */
  readonly dialect?: DialectAddresses | undefined;
  /** Parts of the clock to replace in tests. */
  readonly clock?: Partial<Clock> | undefined;
}

/** {@link HttpOriginOptions} of an origin without a default dialect. */
export interface DialectOriginOptions extends HttpOriginOptions {
  /** The vendor's dialect, or only its addresses. */
  readonly dialect: DialectAddresses;
  /** Called for each request, and may send it by other means than the origin's connections. */
  readonly send?: SendRequest | undefined;
  /**
   * Returns the URL for an endpoint's path and query. If it throws, the attempt fails. Default: a
   * URL below `baseUrl`.
   */
  readonly locate?: ((path: string, query: string) => URL) | undefined;
  /**
   * Whether to use the body of a response with this status. Default: 2xx, except 204 and 205, which
   * have no body.
   */
  readonly isUsable?: ((status: number) => boolean) | undefined;
  /**
   * Whether the server offers a stream of changes, which is stored with the part. Called with a
   * lookup of the headers (names in lower case) of each response that is used, and with the held
   * part if the response is a 304. Default: no stream.
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

/** Validated options with defaults applied. */
export interface CheckedOriginOptions extends CheckedRoute, CheckedRequestOptions {}

/**
 * Checks all options except the dialect.
 *
 * @throws OptionError that names the first unknown or invalid option.
 */
export function checkedOriginOptions(options: HttpOriginOptions): CheckedOriginOptions {
  rejectUnknownOptions(options, ORIGIN_OPTION_NAMES);
  const { apiKey, clock } = options;
  checkApiKey(apiKey);
  const route = checkedRoute(options);
  checkClock(clock);
  return { ...checkedRequestOptions(options), ...route };
}
