import { HttpStatusError, SortitionError } from "../errors/errors.js";
import { serverFaultHint } from "../errors/status-hint.js";
import type { Facts } from "../runtime/diagnostics.js";
import { isNetworkCode } from "./network-code.js";

/** Longest chain of causes that is followed: `fetch`, the socket, one of several addresses. */
const MAX_CAUSES = 5;

/**
 * Facts about a failed delivery: code, HTTP status or the system's code, and a sentence that names the server. They are
 * read from the errors of this package, of `fetch` and of axios. No message of a library is quoted: it may contain its URL.
 *
 * @param url - of the service; `null`: unknown, unless the error has it. Nothing but scheme, host and port is quoted.
 */
export function deliveryFailure(error: unknown, url: string | null = null): Facts {
  const chain = chainOf(error);
  const facts = codesOf(error, chain);
  const server = (url === null ? null : originOf(url)) ?? firstOf(chain, serverIn);
  const own = SortitionError.is(error) ? error.message : null;
  const namesServer = own !== null && (server === null || own.includes(server));
  const reason = namesServer ? own : (sentence(facts, server) ?? own);
  return reason === null ? facts : { ...facts, reason };
}

interface Codes extends Facts {
  readonly code: string;
  readonly httpStatus?: number;
  readonly systemCode?: string;
}

function codesOf(error: unknown, chain: readonly unknown[]): Codes {
  const httpStatus =
    numberOf(error, "httpStatus") ?? numberOf(memberOf(error, "response"), "status");
  if (httpStatus !== null) return { code: new HttpStatusError(httpStatus, null).code, httpStatus };
  const own = SortitionError.is(error) ? error.code : null;
  const systemCode = firstOf(own === null ? chain : chain.slice(1), systemCodeIn);
  if (systemCode === null) {
    return { code: own ?? (isTimeout(error) ? "SORTITION_TIMEOUT" : codeOfFetch(error)) };
  }
  return {
    code: own ?? (isNetworkCode(systemCode) ? "SORTITION_NETWORK" : "SORTITION_LOGGER"),
    systemCode,
  };
}

/** Why, and from where; `null` if the error is about no request, or the server is unknown. */
function sentence({ code, httpStatus, systemCode }: Codes, server: string | null): string | null {
  if (server === null) return null;
  if (httpStatus !== undefined) {
    return `${server} answered with status ${httpStatus}${serverFaultHint(httpStatus)}`;
  }
  if (code === "SORTITION_TIMEOUT") return `no answer from ${server} in time`;
  if (code !== "SORTITION_NETWORK") return null;
  return `no answer from ${server}${systemCode === undefined ? "" : ` (${systemCode})`}`;
}

/** 20 and 23 are the codes of an AbortError and a TimeoutError: libraries abort slow requests. */
function isTimeout(error: unknown): boolean {
  const code = memberOf(error, "code");
  return code === 20 || code === 23;
}

/** `fetch` refuses some ports and schemes by an error that has no code. */
function codeOfFetch(error: unknown): string {
  return memberOf(error, "message") === "fetch failed" ? "SORTITION_NETWORK" : "SORTITION_LOGGER";
}

function systemCodeIn(error: unknown): string | null {
  const code = memberOf(error, "code");
  return typeof code === "string" ? code : null;
}

/** The server that axios names by the request's URL, and the system by a host name, or by address and port. */
function serverIn(error: unknown): string | null {
  const url = memberOf(memberOf(error, "config"), "url");
  const origin = typeof url === "string" ? originOf(url) : null;
  if (origin !== null) return origin;
  const host = memberOf(error, "hostname") ?? memberOf(error, "address");
  if (typeof host !== "string") return null;
  const port = numberOf(error, "port");
  return port === null ? host : `${host}:${port}`;
}

/**
 * Scheme, host and port of a URL, which may lack its scheme. `null` if it has no host, and if its path has `@`: then it may
 * be a part of a password.
 */
function originOf(url: string): string | null {
  const pattern =
    /^(https?:\/\/)?(?:[^/?#@]*@)?((?:\[[^\]/?#@]*\]|[^/?#@:]+)(?::\d+)?)(?:\/[^?#@]*)?(?:[?#]|$)/i;
  const [, scheme = "https://", host] = pattern.exec(url) ?? [];
  return host === undefined ? null : `${scheme}${host}`;
}

/** The error and its causes; of several errors the first. */
function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && chain.length < MAX_CAUSES; ) {
    chain.push(next);
    next = memberOf(next, "cause") ?? memberOf(memberOf(next, "errors"), "0");
  }
  return chain;
}

function firstOf<Found>(
  chain: readonly unknown[],
  find: (error: unknown) => Found | null,
): Found | null {
  for (const error of chain) {
    const found = find(error);
    if (found !== null) return found;
  }
  return null;
}

function numberOf(value: unknown, name: string): number | null {
  const member = memberOf(value, name);
  return typeof member === "number" ? member : null;
}

function memberOf(value: unknown, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined; // a getter of a foreign error threw
  }
}
