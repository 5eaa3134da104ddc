import type { Environment } from "../environment/environment.js";
import type { Exchange } from "./exchange.js";
import type { Refusals } from "./refusals.js";

/** Headers that SDKs in web pages send. */
const ALLOWED_HEADERS =
  "authorization, cache-control, content-encoding, content-type, if-none-match, last-event-id, x-amp-exp-library, x-api-key";
/** Headers that SDKs in web pages read. */
const EXPOSED_HEADERS = "age, etag, retry-after, x-sse-support";
const PREFLIGHT_SECONDS = 600;

/** Headers that let a web page of a listed origin read a response; none for others. */
export function corsHeaders(
  { incoming }: Exchange,
  origins: readonly string[],
): Readonly<Record<string, string>> {
  const { origin } = incoming.headers;
  if (origin === undefined || !origins.includes(origin)) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": EXPOSED_HEADERS,
    vary: "origin",
  };
}

/** Responds to a preflight. Without an allowed origin, the response has no CORS headers, so the browser blocks the request. */
export function sendPreflight(
  exchange: Exchange,
  environment: Pick<Environment, "config" | "name"> | null,
  refusals: Pick<Refusals, "noteOrigin">,
): void {
  const allowed = corsHeaders(exchange, environment?.config.origins ?? []);
  const isAllowed = Object.keys(allowed).length > 0;
  const { origin } = exchange.incoming.headers;
  if (!isAllowed && environment !== null && origin !== undefined) {
    refusals.noteOrigin(environment.name, origin);
  }
  exchange.outgoing
    .writeHead(204, {
      ...allowed,
      ...(isAllowed && {
        "access-control-allow-methods": "GET, HEAD, POST",
        "access-control-allow-headers": ALLOWED_HEADERS,
        "access-control-max-age": `${PREFLIGHT_SECONDS}`,
      }),
    })
    .end();
}
