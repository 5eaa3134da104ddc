import type { Client } from "@sortition/core";
import { type ExposureOutcome, logPlainExposure, type WebParts } from "@sortition/core/internal";
import { readBody } from "../http/read-body.js";
import type { SealOptions } from "../token/keys.js";
import { open } from "../token/token.js";
import { type PackedExposures, unpackExposures } from "./exposure-token.js";

/** What a browser posts: a token, and the indexes of the flags that the visitor saw. Keys would exceed the size limit. */
interface Posted {
  readonly t: unknown;
  readonly f: readonly number[];
}

/** Receives the exposures of the flags that a page shows. */
export class ExposuresRoute {
  readonly #options: SealOptions;
  readonly #client: () => Promise<{ readonly client: Client; readonly parts: WebParts }>;

  constructor(
    options: SealOptions,
    client: () => Promise<{ readonly client: Client; readonly parts: WebParts }>,
  ) {
    this.#options = options;
    this.#client = client;
  }

  async answer(request: Request): Promise<Response> {
    if (request.method !== "POST") return empty(405, { allow: "POST" });
    const { client, parts } = await this.#client();
    const body = await readBody(request);
    if ("refused" in body) {
      parts.count(body.refused);
      return empty(body.refused === "tooLarge" ? 413 : 400);
    }
    const posted = parsed(body.text);
    if (posted === null) {
      parts.count("malformed");
      return empty(400);
    }
    const opened = await open(posted.t, "exposures", this.#options, parts.clock.now());
    if ("refused" in opened) {
      parts.count(opened.refused);
      if (opened.refused === "forged") {
        // The response does not say so, because anyone may send a request.
        parts.diagnostics.warn(
          "exposure refused: its token was changed, or encrypted with another audience or secret: are audience and secrets the same in all processes?",
          { cause: "forged token" },
        );
      }
      return empty(opened.refused === "expired" ? 410 : 400);
    }
    const packed = opened.content as PackedExposures; // authenticated
    // Two vendors with one audience. A shadow logs the exposures of both.
    if (!parts.dialects.includes(packed.dialect)) {
      parts.count("forged");
      parts.diagnostics.warn(
        `exposure refused: its token is for the dialect ${packed.dialect}: use a different audience for each vendor`,
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
  }
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
