import type { HonoRequest } from "hono";

/**
 * Whether a request comes from a page of this relay, or from a program. Browsers send the origin of every form in `Origin`,
 * and on HTTPS and localhost also in `Sec-Fetch-Site`.
 */
export function isFromHere(request: Pick<HonoRequest, "header">): boolean {
  const site = request.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const origin = request.header("origin");
  return origin === undefined || hostOf(origin) === request.header("host")?.toLowerCase();
}

/** Returns the host name and port of an origin, or `null`. The scheme is ignored, because an ingress may terminate TLS. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
