import {
  type Clock,
  checkClock,
  type DialectAddresses,
  integerOptions,
  OptionError,
  rejectUnknownOptions,
} from "@sortition/core/kit";
import { parseBaseUrl } from "./base-url.js";
import { type CheckedRoute, checkedRoute, type RouteOptions } from "./proxy.js";
import type { SendRequest } from "./senders/sender.js";

/** Options of an {@link httpOrigin}. */
export interface HttpOriginOptions extends RouteOptions {
  /** The vendor's SDK key. No message, status or file name contains it. */
  readonly apiKey: string;
  /** Address of the server; without a scheme it is `https`. Default: the dialect's. */
  readonly baseUrl?: string | undefined;
  /** The vendor's format and addresses. Default: `eppo()`. */
  readonly dialect?: DialectAddresses | undefined;
  /** Ms for one attempt with all its requests, redirects and bodies, 1 … 600 000. Default: 5 000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Bound of each body, on the wire and decompressed, at least 1 024. Default: 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Additional headers. Those that the library sets are refused. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
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
  /** Called with the headers of each response that has a body to use, by name in lower case. */
  readonly onReply?: ((header: (name: string) => string | null) => void) | undefined;
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
export interface CheckedOriginOptions extends CheckedRoute {
  readonly baseUrl: string | null;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

const RULES = {
  requestTimeoutMs: [1, 600_000, 5_000],
  maxBodyBytes: [1_024, Number.MAX_SAFE_INTEGER, 64 * 1_024 * 1_024],
} as const;
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "user-agent",
  "if-none-match",
]);

/**
 * Checks all options but the dialect.
 *
 * @throws OptionError naming the first option that is unknown or has a bad value.
 */
export function checkedOriginOptions(options: HttpOriginOptions): CheckedOriginOptions {
  rejectUnknownOptions(options, ORIGIN_OPTION_NAMES);
  const { apiKey, baseUrl, clock, headers = {} } = options;
  if (typeof apiKey !== "string" || apiKey.trim() === "") {
    const found = apiKey === undefined || apiKey === null ? "none" : typeof apiKey;
    throw new OptionError(
      "apiKey",
      `expected a key, got ${found === "string" ? "a blank string" : found}: is the environment variable that holds it set?`,
    );
  }
  const route = checkedRoute(options);
  checkClock(clock);
  return {
    baseUrl: baseUrl === undefined ? null : parseBaseUrl(baseUrl),
    ...integerOptions(options, RULES),
    headers: checkedHeaders(headers),
    ...route,
  };
}

/** Returns names in lower case. No message contains a value, or a name that HTTP does not allow: they may be secrets. */
function checkedHeaders(headers: unknown): Readonly<Record<string, string>> {
  if (typeof headers !== "object" || headers === null) {
    throw new OptionError("headers", "expected an object");
  }
  const entries = Object.entries(headers).map(([name, value]): [string, string] => {
    const lowerName = name.toLowerCase();
    if (OWN_HEADERS.has(lowerName)) {
      throw new OptionError("headers", `${lowerName} is set by the library`);
    }
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) {
      throw new OptionError("headers", "a name has characters that HTTP does not allow");
    }
    if (typeof value !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new OptionError(
        "headers",
        `${lowerName}: expected a string of characters that HTTP allows`,
      );
    }
    return [lowerName, value];
  });
  return Object.fromEntries(entries);
}
