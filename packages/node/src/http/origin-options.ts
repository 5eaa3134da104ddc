import { type Clock, OptionError } from "@sortition/core";
import {
  checkClock,
  type Dialect,
  integerOption,
  rejectUnknownOptions,
} from "@sortition/core/source";
import { parseBaseUrl } from "./base-url.js";
import { checkedProxy, type RouteOptions } from "./proxy.js";

/** Options of an {@link httpOrigin}. */
export interface HttpOriginOptions extends RouteOptions {
  /** The vendor's SDK key. It appears in no message, status or file name. */
  readonly apiKey: string;
  /** Address of the server; without a scheme it is `https`. The dialect's own unless given. */
  readonly baseUrl?: string | undefined;
  /** The vendor's format and addresses; `eppo()` unless given. */
  readonly dialect?: Dialect | undefined;
  /** Deadline of one attempt, all its requests, redirects and bodies included: 1 … 600 000, 5 000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Bound of each body, on the wire and unpacked: at least 1 024, 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Headers to send besides. Those that we set ourselves cannot be given. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Parts of the clock to replace, for tests. */
  readonly clock?: Partial<Clock> | undefined;
}

/** Names of all options of {@link httpOrigin}. */
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

/** Options with nothing left to check or to default. */
export interface CheckedOriginOptions {
  readonly baseUrl: string | null;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

const DEFAULT_REQUEST_TIMEOUT_MS = 5_000;
const DEFAULT_MAX_BODY_BYTES = 64 * 1_024 * 1_024;
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "user-agent",
  "if-none-match",
]);

/**
 * Checks everything but the dialect, which its user brings along.
 *
 * @throws OptionError naming the first option that is unknown or has a bad value.
 */
export function checkedOriginOptions(options: HttpOriginOptions): CheckedOriginOptions {
  rejectUnknownOptions(options, ORIGIN_OPTION_NAMES);
  const { apiKey, baseUrl, requestTimeoutMs, maxBodyBytes, headers = {} } = options;
  const { clock } = options;
  if (typeof apiKey !== "string" || apiKey.trim() === "") {
    throw new OptionError("apiKey", "expected a key");
  }
  checkedProxy(options);
  checkClock(clock);
  return {
    baseUrl: baseUrl === undefined ? null : parseBaseUrl(baseUrl),
    requestTimeoutMs: integerOption(
      "requestTimeoutMs",
      requestTimeoutMs,
      { min: 1, max: 600_000 },
      DEFAULT_REQUEST_TIMEOUT_MS,
    ),
    maxBodyBytes: integerOption(
      "maxBodyBytes",
      maxBodyBytes,
      { min: 1_024, max: Number.MAX_SAFE_INTEGER },
      DEFAULT_MAX_BODY_BYTES,
    ),
    headers: checkedHeaders(headers),
  };
}

/** Names in lower case. Neither names nor values appear in messages whole: they may be secrets. */
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
      throw new OptionError("headers", "a name is not one that HTTP allows");
    }
    if (typeof value !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new OptionError("headers", `${lowerName}: expected a text that HTTP allows`);
    }
    return [lowerName, value];
  });
  return Object.fromEntries(entries);
}
