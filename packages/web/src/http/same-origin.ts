/**
 * Whether a page of the same origin sent the request. `Sec-Fetch-Site` comes first, because a page without referrers sends
 * `Origin: null`. Scripts and forms of other sites can set neither header.
 */
export function isSameOrigin({ headers, url }: Request): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = hostOf(headers.get("origin"));
  // Behind a proxy, the address of the request may be internal.
  const hosts = [headers.get("x-forwarded-host"), headers.get("host"), hostOf(url)];
  return origin !== null && hosts.includes(origin);
}

function hostOf(address: string | null): string | null {
  return address !== null && URL.canParse(address) ? new URL(address).host : null;
}
