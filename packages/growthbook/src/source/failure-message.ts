import { DOCUMENTATION_URL, keyFault, serverFaultHint } from "@sortition/core/internal";
import type { HelperCall } from "./helpers.js";
import { maskedKey } from "./masked-key.js";
import { HttpError } from "./reply.js";
import { DEFAULT_HOST } from "./user.js";

/**
 * Says why a payload could not be requested: the host, what the system says, and the way out, without the key. What
 * callers get is the error itself, which says `fetch failed`.
 */
export async function failureMessage(
  error: Error,
  { clientKey, host }: Pick<HelperCall, "clientKey" | "host">,
): Promise<string> {
  const message = await explained(error, host, clientKey).catch(() => error.message);
  // The message of a URL that cannot be parsed has all of it.
  return clientKey === "" ? message : message.replaceAll(clientKey, maskedKey(clientKey));
}

async function explained(error: Error, host: string, clientKey: string): Promise<string> {
  const url = urlOf(host);
  if (url === null) return "apiHost is not an http: or https: URL: write it with https://";
  if (error instanceof HttpError) {
    const { status } = error;
    const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 429;
    const fault = keyFault(clientKey);
    const question = fault === null ? "are clientKey and apiHost right?" : `clientKey ${fault}`;
    const hint = isRefused ? `: ${question}` : serverFaultHint(status);
    return `${url.origin} answered ${status}${hint}`;
  }
  const option = host === DEFAULT_HOST ? null : "apiHost";
  const cause = systemErrorOf(error);
  if (cause === null) return `no configuration from ${url.origin}: ${otherText(error, option)}`;
  const { proxyVariable, thrownFailure } = await import("@sortition/node/internal");
  return thrownFailure(cause, url, {
    what: "configuration",
    option,
    hasBegun: error.message === "terminated", // so `fetch` calls an answer that broke off
    route: "direct",
    variableOf: proxyVariable,
    proxyHint: `see ${DOCUMENTATION_URL}/guides/behind-a-proxy.md`,
  }).error.message;
}

/** Of an error that is neither the system's nor a status. */
function otherText({ cause, message, name }: Error, option: string | null): string {
  const hint = option === null ? "is the network up?" : `is ${option} right?`;
  // Of a login page, for example. The engine's words have its first letters.
  if (name === "SyntaxError") {
    return `the answer is not JSON: ${option === null ? "does a proxy answer?" : hint}`;
  }
  const why = cause instanceof Error ? ` (${cause.message})` : "";
  return `${message}${why}: ${hint}`;
}

function urlOf(host: string): URL | null {
  try {
    return new URL(host);
  } catch {
    return null;
  }
}

/** The error of the system, which `fetch` has as its cause. */
function systemErrorOf(error: Error): Error | null {
  const codes = [error, error.cause].filter((it) => it instanceof Error && "code" in it);
  return (codes[0] as Error | undefined) ?? null;
}
