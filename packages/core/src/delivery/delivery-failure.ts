import { HttpStatusError, SortitionError } from "../errors/errors.js";
import { serverFaultHint } from "../errors/status-hint.js";
import type { Facts } from "../runtime/diagnostics.js";
import { certificateHint, isNetworkCode, NOT_CONNECTED } from "./network-code.js";

/** Maximum length of a chain of causes, e.g. `fetch`, the socket, one of several addresses. */
const MAX_CAUSES = 5;

/**
 * Returns facts about a failed delivery: code, HTTP status or system code, and a sentence that names the server. Reads the
 * errors of this package, `fetch` and axios. Never quotes a library's message, because it may contain the URL.
 *
 * @param url - URL of the service. `null`: unknown, unless the error has it. Only scheme, host and port are quoted.
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

/** Whether a service may have received a request that failed with this error: it was sent, and got no response. */
export function mayHaveArrived(error: unknown): boolean {
  const { code, systemCode } = codesOf(error, chainOf(error));
  const isSent =
    systemCode === undefined ? !isRefusedByFetch(error) : !NOT_CONNECTED.test(systemCode);
  return isSent && ["SORTITION_NETWORK", "SORTITION_TIMEOUT"].includes(code);
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

const HINTS: Readonly<Record<number, string>> = {
  401: ": is the logger's key right?",
  403: ": is the logger's key right?",
  404: ": is the logger's address right?",
  405: ": is the logger's address right?",
};

/** Returns a sentence with the reason and the server. `null` if no request failed or the server is unknown. */
function sentence({ code, httpStatus, systemCode }: Codes, server: string | null): string | null {
  if (server === null) return null;
  if (httpStatus !== undefined) {
    return `${server} answered with status ${httpStatus}${HINTS[httpStatus] ?? serverFaultHint(httpStatus)}`;
  }
  if (code === "SORTITION_TIMEOUT") return `no answer from ${server} in time`;
  if (code !== "SORTITION_NETWORK") return null;
  if (systemCode === undefined) return `no answer from ${server}`;
  return `no answer from ${server} (${systemCode})${certificateHint(systemCode)}`;
}

/** 20 and 23 are the codes of AbortError and TimeoutError, because libraries abort slow requests. */
function isTimeout(error: unknown): boolean {
  const code = memberOf(error, "code");
  return code === 20 || code === 23;
}

function codeOfFetch(error: unknown): string {
  return isRefusedByFetch(error) ? "SORTITION_NETWORK" : "SORTITION_LOGGER";
}

/** `fetch` refuses some ports and schemes with an error that has no code. */
function isRefusedByFetch(error: unknown): boolean {
  return memberOf(error, "message") === "fetch failed";
}

function systemCodeIn(error: unknown): string | null {
  const code = memberOf(error, "code");
  return typeof code === "string" ? code : null;
}

/** Returns the server from the request URL in axios errors, or from host name, or address and port in system errors. */
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
 * Returns scheme, host and port of a URL, which may lack its scheme. `null` if it has no host, or if its path contains
 * `@`, because the path may then be part of a password.
 */
function originOf(url: string): string | null {
  const pattern =
    /^(https?:\/\/)?(?:[^/?#@]*@)?((?:\[[^\]/?#@]*\]|[^/?#@:]+)(?::\d+)?)(?:\/[^?#@]*)?(?:[?#]|$)/i;
  const [, scheme = "https://", host] = pattern.exec(url) ?? [];
  return host === undefined ? null : `${scheme}${host}`;
}

/** Returns the error and its causes. Of an aggregate error, only the first error is followed. */
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
    return undefined; // a getter of the error threw
  }
}
