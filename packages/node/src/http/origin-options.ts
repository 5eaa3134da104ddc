import {
  type CheckedRequestOptions,
  type Clock,
  type DialectAddresses,
  type Payload,
  type Reader,
  type ReadersOf,
  type RequestOptions,
  readBaseUrl,
  readClock,
  requestReaders,
} from "@sortition/core/internal";
import { type ReadRoute, type RouteOptions, routeReaders } from "./proxy.js";
import type { SendRequest } from "./senders/sender.js";
import type { EventStreamOptions } from "./stream/event-stream-options.js";

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

/** The options that all origins name alike, as {@link connectionReaders} reads them. */
export interface ReadConnection extends CheckedRequestOptions, ReadRoute {
  readonly clock: Clock;
}

export function connectionReaders(): ReadersOf<ReadConnection> {
  return { ...requestReaders(), ...routeReaders(), clock: readClock };
}

/** The options of a connection, as users pass them. */
export type ConnectionOptions = Pick<HttpOriginOptions, keyof ReadConnection>;

/** Returns these options alone, so that an origin passes all of them on. */
export function connectionOf(options: ConnectionOptions): ConnectionOptions {
  const names = Object.keys(connectionReaders()) as (keyof ReadConnection)[];
  return Object.fromEntries(names.map((name) => [name, options[name]]));
}

/** Returns these options as those of a stream, whose events contain the same data as a response body. */
export function streamConnectionOf({
  clock,
  dispatcher,
  headers,
  maxBodyBytes: maxEventBytes,
  proxy,
}: ConnectionOptions): Pick<
  EventStreamOptions,
  "clock" | "dispatcher" | "headers" | "maxEventBytes" | "proxy"
> {
  return { clock, dispatcher, headers, maxEventBytes, proxy };
}

/** As {@link originReaders} reads them. */
export interface ReadOriginOptions extends ReadConnection {
  readonly apiKey: string;
  /** `null`: the dialect's address. */
  readonly baseUrl: string | null;
}

/** @param readKey - `readAnyKey` for drop-ins, because vendors' classes accept keys of any form. */
export function originReaders(readKey: Reader<string>): ReadersOf<ReadOriginOptions> {
  return { ...connectionReaders(), apiKey: readKey, baseUrl: readBaseUrl };
}
