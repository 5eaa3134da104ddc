import type { WebParts } from "@sortition/core/internal";

/** Why a request from a browser is refused. Each reason has a counter. */
export type Refusal =
  | ("aborted" | "consumed" | "tooLarge") // its body
  | ("malformed" | "forged" | "expired" | "compressed"); // its token

const ADVICE: Readonly<Partial<Record<Refusal, string>>> = {
  compressed:
    "its token is compressed, and this runtime cannot decompress it: serve this route and its pages on the same runtime",
  consumed:
    "its body was read before: mount the route before the middleware that reads it, or pass a clone of the request",
  // The response does not say so, because anyone may send a request.
  forged:
    "its token was changed, or encrypted with another audience or secret: are audience and secrets the same in all processes?",
};

/** Counts a refusal, and reports it if the application can avoid it. */
export function noteRefusal({ count, diagnostics }: WebParts, refusal: Refusal): void {
  count(refusal);
  reportRefusal(diagnostics, refusal);
}

/** Reports a refusal if the application can avoid it. */
export function reportRefusal(diagnostics: WebParts["diagnostics"], refusal: Refusal): void {
  const advice = ADVICE[refusal];
  if (advice !== undefined) diagnostics.warn(`request refused: ${advice}`, { cause: refusal });
}

/** Returns the status of the response. */
export function statusOf(refusal: Refusal): 400 | 410 | 413 {
  if (refusal === "tooLarge") return 413;
  return refusal === "expired" ? 410 : 400;
}
