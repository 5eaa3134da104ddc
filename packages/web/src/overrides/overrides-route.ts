import type { WebParts } from "@sortition/core/internal";
import { readBody } from "../http/read-body.js";
import { noteRefusal, statusOf } from "../http/refusals.js";
import { isSameOrigin } from "../http/same-origin.js";
import type { SealOptions } from "../token/keys.js";
import { confirmationPage, REMOVE } from "./confirmation-page.js";
import { openOverrideToken } from "./override-token.js";

/** Name of the cookie with overrides. */
const COOKIE = "sortition_overrides";

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "content-type": "text/html; charset=utf-8",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Routes that show the overrides of a link, and store them in a cookie after the visitor's confirmation. */
export function overridesRoutes(
  options: SealOptions & { readonly overrideCookie?: unknown },
  partsOf: () => Promise<WebParts>,
) {
  let hasReported = false;

  return {
    /** Changes nothing, because browsers and chats also open links to preview them. */
    async show(request: Request): Promise<Response> {
      // Not parsed as an address, because h3 2 passes on hosts that are none.
      const token = new URLSearchParams(request.url.split("?")[1]).get("t");
      if (token === null) return page(200, { kind: "none" });
      const parts = await partsOf();
      if (options.overrideCookie === undefined && !hasReported) {
        hasReported = true;
        parts.diagnostics.warn(
          "overrides have no effect, because webFlags has no overrideCookie: return the cookie sortition_overrides",
          { cause: "no override cookie" },
        );
      }
      const content = await openOverrideToken(token, options, parts);
      if (content !== null) return page(200, { kind: "offered", content, token });
      parts.count("ignoredOverrides");
      return page(400, { kind: "refused" });
    },

    /** Sets the cookie, or removes it if the form asks for that. */
    async store(request: Request): Promise<Response> {
      // Another site may have a valid link, and `SameSite` does not prevent it from setting a cookie.
      if (!isSameOrigin(request)) return page(403, { kind: "foreign" });
      const body = await readBody(request);
      if ("refused" in body) {
        noteRefusal(await partsOf(), body.refused);
        return page(statusOf(body.refused), { kind: "refused" });
      }
      const form = new URLSearchParams(body.text);
      if (form.has(REMOVE)) return redirect("/", `${COOKIE}=; Max-Age=0`);
      const token = form.get("t");
      const parts = await partsOf();
      const content = await openOverrideToken(token, options, parts);
      if (content === null) {
        parts.count("ignoredOverrides");
        return page(400, { kind: "refused" });
      }
      const seconds = Math.floor((content.expiresAtMs - parts.clock.now()) / 1_000);
      return redirect(content.path, `${COOKIE}=${token}; Max-Age=${seconds}`);
    },
  };
}

function page(status: number, content: Parameters<typeof confirmationPage>[0]): Response {
  return new Response(confirmationPage(content), { status, headers: HEADERS });
}

function redirect(path: string, cookie: string): Response {
  return new Response(null, {
    status: 303,
    headers: {
      "cache-control": "no-store",
      location: path,
      "set-cookie": `${cookie}; Path=/; HttpOnly; Secure; SameSite=Lax`,
    },
  });
}
