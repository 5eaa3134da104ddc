/**
 * Whether a page of the same origin sent the request. `Sec-Fetch-Site` comes first, because a page without referrers sends
 * `Origin: null`. Scripts and forms of other sites can set neither header.
 */
export function isSameOrigin({ headers, url }: Request): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin") ?? "";
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  const { host, protocol } = new URL(origin);
  // Behind proxies, the address of the request is internal, and each proxy may add a host.
  const forwarded = headers.get("x-forwarded-host")?.split(",") ?? [];
  const hosts = [...forwarded, headers.get("host") ?? new URL(url).host];
  return hosts.some((it) => hostOf(it.trim(), protocol) === host);
}

/** Returns a host in lower case, without the default port of a protocol. */
function hostOf(host: string, protocol: string): string | null {
  const address = `${protocol}//${host}`;
  return URL.canParse(address) ? new URL(address).host : null;
}
