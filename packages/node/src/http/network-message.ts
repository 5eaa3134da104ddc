import {
  CUT_OFF,
  certificateHint,
  messageOf,
  serverFaultHint,
  UNREACHABLE,
} from "@sortition/core/internal";
import type { Route } from "./proxy.js";
import { systemCodeOf } from "./system-code.js";

/** What a message says about a request, besides the server. */
export interface Asked {
  readonly what: "answer" | "configuration";
  /** The option that sets the server's address. `null` if the address is the vendor's default. */
  readonly option: string | null;
  /** Whether part of the response had been received. */
  readonly hasBegun?: boolean;
  readonly route: Route;
  /** Returns the name of the environment variable that sets the proxy for the URL, or `null`. */
  readonly variableOf?: (url: URL) => string | null;
  /** When requests would use that proxy, for messages. Default: with the option `proxy`. */
  readonly proxyHint?: string;
}

/** For a proxy's status 407. */
const PASSWORD_HINT = "set its user and password, as in http://user:password@host:port";

/** Codes of a response that was received, but has invalid HTTP or compression. */
const MALFORMED = /^(HPE_|Z_DATA_|ERR__ERROR_FORMAT)/;

/**
 * Explains why a request failed: the host, the system's code and what to check. Contains no path,
 * query or password.
 */
export function networkMessage(cause: unknown, url: URL, asked: Asked): string {
  const { option, route, what } = asked;
  const { origin } = url;
  const code = systemCodeOf(cause);
  const text = `${code} ${messageOf(cause)}`;
  const refusal = /Proxy response \(([^)]+)/.exec(text)?.[1];
  const reason = refusal ?? code;
  const why = reason === null ? "" : ` (${reason})`;
  if (asked.hasBegun) {
    const fault = MALFORMED.test(code ?? "") ? "could not be decoded" : "was cut off";
    return `the answer from ${origin} ${fault}${why}${serverFaultHint(500)}`;
  }
  if (/wrong.version/i.test(text)) return `${origin} does not speak TLS${why}: write http://`;
  if (refusal !== undefined || UNREACHABLE.test(text)) {
    const unused = unusedProxy(url, asked);
    if (unused !== null) return `no ${what} from ${origin}${why}; ${unused}`;
    const proxy = usedProxy(url, asked);
    return proxy === null
      ? `no ${what} from ${origin}${why}: ${addressHint(option)}`
      : `no ${what} from the proxy ${proxy}${why}: ${reason === "407" ? PASSWORD_HINT : "is proxy right?"}`;
  }
  return `no ${what} from ${origin}${why}${hintAt(text, url, route)}`;
}

/** Returns a hint for a failure after connecting. Empty if there is none. */
function hintAt(text: string, { protocol }: URL, route: Route): string {
  const certificate = certificateHint(text);
  if (certificate !== "") return certificate;
  const mayExpectTls = protocol === "http:" && route === "direct" && CUT_OFF.test(text);
  return mayExpectTls ? ": does it expect https://?" : "";
}

/** Message about a request that timed out: the host or the proxy, and what to check. */
export function lateHint(url: URL, asked: Asked): string {
  const unused = unusedProxy(url, asked);
  if (unused !== null) return unused;
  const proxy = usedProxy(url, asked);
  const from = `no ${asked.what} from ${url.origin}`;
  return proxy === null
    ? `${from}: ${addressHint(asked.option)}`
    : `${from} through the proxy ${proxy}: is proxy right?`;
}

function addressHint(option: string | null): string {
  return option === null ? "is the network up?" : `is ${option} right?`;
}

/**
 * Returns the proxy that requests use, or the environment variable that sets it. `null` if none is
 * known.
 */
function usedProxy(url: URL, { route, variableOf }: Asked): string | null {
  if (route instanceof URL) return route.origin;
  return route === "environment" ? (variableOf?.(url) ?? null) : null;
}

/** Returns a hint about a proxy variable that is set but not used, or `null`. */
export function unusedProxy(url: URL, asked: Asked): string | null {
  const { proxyHint = 'unless the option proxy is "environment"', route, variableOf } = asked;
  const variable = route === "direct" && variableOf?.(url);
  return variable ? `${variable} is set but not used, ${proxyHint}` : null;
}
