import { OptionError } from "../errors/errors.js";
import { parseUrl } from "../runtime/host.js";

/**
 * Returns a base URL without a trailing slash, to which the paths of endpoints are appended.
 *
 * @param baseUrl - URL with or without a scheme. The default scheme is `https`.
 * @param option - the name under which it was passed, for messages.
 * @throws OptionError if it is not an `http` or `https` URL, or has credentials, a query or a fragment.
 */
export function parseBaseUrl(baseUrl: unknown, option = "baseUrl"): string {
  const invalid = (problem: string): OptionError => new OptionError(option, problem);
  if (typeof baseUrl !== "string")
    throw invalid('expected a string, such as "https://flags.example"');
  if (baseUrl.trim() === "") {
    throw invalid("is blank: is the environment variable that holds it set?");
  }
  const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(baseUrl) ? baseUrl : `https://${baseUrl}`;
  const url = parseUrl(absolute);
  if (url === null)
    throw invalid("expected the address of a server, such as https://flags.example");
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw invalid("expected http or https");
  if (url.username !== "" || url.password !== "") throw invalid("must not contain credentials");
  // Checks the string, because the parsed URL does not show an empty query or fragment.
  if (/[?#]/.test(absolute)) throw invalid("must not contain a query or a fragment");
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
