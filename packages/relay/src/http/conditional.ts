import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "../environment/answers.js";
import type { Exchange } from "./exchange.js";

/** Shorter bodies are not worth compressing. */
const MIN_GZIP_BYTES = 1_024;

/**
 * Sends a part of a configuration: 304 if the client has these bytes, otherwise the bytes, compressed if the client accepts
 * gzip.
 *
 * @param ageMs - time since the vendor confirmed the bytes; `null`: unknown.
 * @param headers - further headers of the response.
 */
export async function sendPart(
  { incoming, outgoing }: Exchange,
  { bytes, gzipped, sha256 }: Answer,
  ageMs: number | null,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const compressed = isCompressed(incoming.headers, bytes) ? await gzipped : null;
  // A strong tag identifies exact bytes, so the compressed body needs another one.
  const etag = compressed === null ? `"${sha256}"` : `"${sha256}-gzip"`;
  const common = {
    ...headers,
    etag,
    "cache-control": "private, max-age=0, must-revalidate",
    vary: "accept-encoding, origin",
    ...(ageMs !== null && { age: `${Math.floor(ageMs / 1_000)}` }),
  };
  if (isHeld(incoming.headers["if-none-match"], sha256)) {
    outgoing.writeHead(304, common).end();
    return;
  }
  const body = compressed ?? bytes;
  outgoing.writeHead(200, {
    ...common,
    "content-type": "application/json; charset=utf-8",
    "content-length": body.length,
    ...(compressed !== null && { "content-encoding": "gzip" }),
  });
  outgoing.end(body);
}

/** Whether to compress a body: the client accepts it, and the body is large enough. */
export function isCompressed(headers: IncomingHttpHeaders, bytes: Uint8Array): boolean {
  return bytes.length >= MIN_GZIP_BYTES && takesGzip(headers);
}

/** Whether `If-None-Match` lists these bytes, in either encoding. */
export function isHeld(ifNoneMatch: string | undefined, sha256: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(",").some((it) => {
    const tag = it.trim().replace(/^W\//, "");
    return tag === "*" || tag === `"${sha256}"` || tag === `"${sha256}-gzip"`;
  });
}

/** Whether `Accept-Encoding` names gzip with a weight above 0. */
function takesGzip({ "accept-encoding": accepted }: IncomingHttpHeaders): boolean {
  const list = typeof accepted === "string" ? accepted.split(",") : [];
  return list.some((it) => {
    const [name = "", ...parameters] = it.split(";").map((part) => part.trim().toLowerCase());
    if (name !== "gzip" && name !== "x-gzip") return false;
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return weight === undefined || Number(weight.slice("q=".length)) > 0;
  });
}
