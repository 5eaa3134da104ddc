import type { HonoRequest } from "hono";

/**
 * Whether a request is of a page of this relay, or of a program. Browsers say of every form where it is from: by
 * `Sec-Fetch-Site` on HTTPS and on this machine, and by `Origin`.
 */
export function isFromHere(request: Pick<HonoRequest, "header">): boolean {
  const site = request.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const origin = request.header("origin");
  return origin === undefined || hostOf(origin) === request.header("host")?.toLowerCase();
}

/** Name and port; the scheme may be that of an ingress. `null`: it has none. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
