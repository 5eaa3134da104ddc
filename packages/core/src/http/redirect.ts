import { ProtocolError } from "../errors/errors.js";
import { parseUrl, type UrlLike } from "../runtime/host.js";

/** Maximum number of redirects per request. */
export const MAX_REDIRECTS = 3;

/** The members of a response that describe a redirect. */
export interface RedirectSource {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Returns the target of a redirect, or `null` if the response is not a redirect. The request contains the key, which
 * must not be sent elsewhere. So the target must have the same origin, or the same host and `https:` instead of
 * `http:`.
 *
 * @param mayFollow - false after the last permitted redirect.
 * @throws ProtocolError if the redirect is refused. It only names the two origins.
 */
export function redirectTarget(
  from: UrlLike,
  response: RedirectSource,
  mayFollow: boolean,
): UrlLike | null {
  if (!REDIRECTS.has(response.statusCode)) return null;
  const location = response.headers["location"];
  const target = typeof location === "string" ? parseUrl(location, from.href) : null;
  if (target === null) {
    throw new ProtocolError(`${from.origin} redirected without a usable location`);
  }
  const isUpgrade =
    from.protocol === "http:" && target.protocol === "https:" && from.hostname === target.hostname;
  if (target.origin !== from.origin && !isUpgrade) {
    const wayOut = "give that address if it is right";
    throw new ProtocolError(
      `${from.origin} redirected to another origin: ${target.origin}; ${wayOut}`,
    );
  }
  if (!mayFollow) {
    throw new ProtocolError(`${from.origin} redirected too often, last to ${target.origin}`);
  }
  return target;
}
