import { ProtocolError } from "@sortition/core";

/** What a redirect is recognised by. */
export interface RedirectSource {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Where an answer sends us, `null` if it is no redirect. The request carries the key, which must not
 * travel: only the same origin may follow, or the same host when `http:` becomes `https:`.
 *
 * @param mayFollow - false when the request was redirected often enough.
 * @throws ProtocolError if the redirect must not be followed; it names the target's origin only.
 */
export function redirectTarget(
  from: URL,
  response: RedirectSource,
  mayFollow: boolean,
): URL | null {
  if (!REDIRECTS.has(response.statusCode)) return null;
  const location = response.headers["location"];
  if (typeof location !== "string" || !URL.canParse(location, from.href)) {
    throw new ProtocolError("redirected without a usable location");
  }
  const target = new URL(location, from);
  const isUpgrade =
    from.protocol === "http:" && target.protocol === "https:" && from.hostname === target.hostname;
  if (target.origin !== from.origin && !isUpgrade) {
    throw new ProtocolError(`redirected to another origin: ${target.origin}`);
  }
  if (!mayFollow) throw new ProtocolError(`redirected too often, last to ${target.origin}`);
  return target;
}
