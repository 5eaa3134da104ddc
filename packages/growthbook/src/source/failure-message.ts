import { DOCUMENTATION_URL, keyFault, parseUrl, serverFaultHint } from "@sortition/core/internal";
import type { HelperCall } from "./helpers.js";
import { maskedKey } from "./masked-key.js";
import { withOrigins } from "./origin-of.js";
import { HttpError } from "./reply.js";
import { DEFAULT_HOST } from "./user.js";

/**
 * Explains why a payload could not be requested. The message contains the server, the system's error and a hint, but no
 * key or password. Callers receive the original error, whose message is only `fetch failed`.
 */
export async function failureMessage(
  error: Error,
  { clientKey, host }: Pick<HelperCall, "clientKey" | "host">,
): Promise<string> {
  const message = await explained(error, host, clientKey).catch(() => error.message);
  return clientKey === "" ? message : message.replaceAll(clientKey, maskedKey(clientKey));
}

async function explained(error: Error, host: string, clientKey: string): Promise<string> {
  const url = parseUrl(host) as URL | null; // of Node
  if (url === null) return "apiHost is not an http: or https: URL: write it with https://";
  if (error instanceof HttpError) {
    const { status } = error;
    const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 429;
    const fault = keyFault(clientKey);
    const question = fault === null ? questionFor(status, url) : `clientKey ${fault}`;
    const hint = isRefused ? `: ${question}` : serverFaultHint(status);
    return `${url.origin} answered ${status}${hint}`;
  }
  const option = host === DEFAULT_HOST ? null : "apiHost";
  const cause = systemErrorOf(error);
  if (cause === null) {
    // `fetch` quotes URLs that it refuses, such as one with a password.
    const text = withOrigins(otherText(error, option).replaceAll(host, url.origin));
    return `no configuration from ${url.origin}: ${text}`;
  }
  const { proxyVariable, thrownFailure } = await import("@sortition/node/internal");
  return thrownFailure(cause, url, {
    what: "configuration",
    option,
    hasBegun: error.message === "terminated", // the message of `fetch` for a truncated response
    route: "direct",
    variableOf: proxyVariable,
    proxyHint: `see ${DOCUMENTATION_URL}/guides/production.md#use-a-proxy`,
  }).error.message;
}

/** What may be wrong if a server refuses a request. */
function questionFor(status: number, { pathname }: URL): string {
  return status === 404 && pathname !== "/"
    ? "apiHost has an extra path or lacks one"
    : "are clientKey and apiHost right?";
}

/** Explains an error that is neither a system error nor a status. */
function otherText({ cause, message, name }: Error, option: string | null): string {
  const hint = option === null ? "is the network up?" : `is ${option} right?`;
  // The body may be a login page, whose first characters the engine's own message would quote.
  if (name === "SyntaxError") {
    return `the answer is not JSON: ${option === null ? "does a proxy answer?" : hint}`;
  }
  const why = cause instanceof Error ? ` (${cause.message})` : "";
  return `${message}${why}: ${hint}`;
}

/** Returns the system error, which `fetch` sets as the cause. */
function systemErrorOf(error: Error): Error | null {
  const codes = [error, error.cause].filter((it) => it instanceof Error && "code" in it);
  return (codes[0] as Error | undefined) ?? null;
}
