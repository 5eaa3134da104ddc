import { OptionError } from "@sortition/core";

/**
 * A base URL without a slash at its end, to which the paths of endpoints are appended.
 *
 * @param text - with or without a scheme; without one it is `https`.
 * @throws OptionError if it is no address of a web server, or carries what belongs elsewhere.
 */
export function parseBaseUrl(text: unknown): string {
  if (typeof text !== "string") throw problem("expected a string");
  const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(absolute)) throw problem("expected the address of a server");
  const url = new URL(absolute);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw problem("expected http or https");
  if (url.username !== "" || url.password !== "") throw problem("credentials do not belong here");
  // A lone "?" or "#" leaves nothing in the parsed URL.
  if (/[?#]/.test(absolute)) throw problem("a query or fragment does not belong here");
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function problem(text: string): OptionError {
  return new OptionError("baseUrl", text);
}
