import type { Client } from "@sortition/core";
import { type ExposureOutcome, logPlainExposure, type WebParts } from "@sortition/core/internal";
import { readBody } from "../http/read-body.js";
import { noteRefusal, type Refusal, statusOf } from "../http/refusals.js";
import { keysFor, type SealOptions } from "../token/keys.js";
import { open } from "../token/token.js";
import { type PackedExposures, unpackExposures } from "./exposure-token.js";

/** What a browser posts: a token, and the indexes of the flags that the visitor saw. Keys would exceed the size limit. */
interface Posted {
  readonly t: unknown;
  readonly f: readonly number[];
}

/** Receives the exposures of the flags that a page shows. */
export function exposuresRoute(
  options: SealOptions,
  clientOf: () => Promise<{ readonly client: Client; readonly parts: WebParts }>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    // First, because a visitor may leave as soon as the body is sent.
    const body = request.method === "POST" ? await readBody(request) : null;
    // Without this check, a mistake would go unnoticed until a page has something to log.
    await keysFor("exposures", options);
    if (body === null) return empty(405, { allow: "POST" });
    const { client, parts } = await clientOf();
    const refused = (refusal: Refusal): Response => {
      noteRefusal(parts, refusal);
      return empty(statusOf(refusal));
    };
    if ("refused" in body) return refused(body.refused);
    const posted = parsed(body.text);
    if (posted === null) return refused("malformed");
    const opened = await open(posted.t, "exposures", options, parts.clock.now());
    if ("refused" in opened) return refused(opened.refused);
    const packed = opened.content as PackedExposures; // authenticated
    // A shadow logs the exposures of both vendors.
    if (!parts.dialects.includes(packed.dialect)) {
      parts.count("otherVendor");
      parts.diagnostics.warn(
        `request refused: its token is for the dialect ${packed.dialect}, not ${parts.dialects.join(" or ")}: if you have replaced the vendor, pages that were open send such tokens until they are reloaded; if you have two vendors, set a different url for each`,
        { cause: "token of another dialect" },
      );
      return empty(400);
    }
    const outcomes: ExposureOutcome[] = [];
    for (const index of new Set(posted.f)) {
      const exposures = unpackExposures(packed, index);
      if (exposures === null) parts.count("unknownFlags");
      else for (const it of exposures) outcomes.push(logPlainExposure(client, it));
    }
    // The browser tries once more, with the same IDs.
    if (outcomes.some(isLost)) return empty(503);
    parts.count("posts");
    return empty(204);
  };
}

function isLost({ reason }: ExposureOutcome): boolean {
  return reason === "closed" || reason === "logger-failed" || reason === "dropped";
}

function parsed(body: string): Posted | null {
  let posted: Posted | null;
  try {
    posted = JSON.parse(body);
  } catch {
    return null;
  }
  const flags: unknown = posted?.f;
  const isValid = Array.isArray(flags) && flags.every(Number.isSafeInteger);
  return isValid ? posted : null;
}

function empty(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { "cache-control": "no-store", ...headers } });
}
