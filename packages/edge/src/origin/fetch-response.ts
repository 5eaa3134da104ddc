import {
  concatenated,
  type HttpResponse,
  MAX_REDIRECTS,
  type PartMessage,
  ProtocolError,
  redirectTarget,
  type UrlLike,
} from "@sortition/core/internal";
import { discard, type FetchLike, type WebResponse, web } from "./web.js";

/**
 * Sends one request with `fetch`, follows redirects by the rules of `redirectTarget`, and reads the body up to its size
 * limit.
 *
 * @throws ProtocolError for a refused redirect or a body that is too large, and rethrows errors of `fetch`.
 */
export async function fetchResponse(
  fetch: FetchLike,
  { headers, maxBodyBytes, signal, url: first }: PartMessage<UrlLike>,
): Promise<HttpResponse> {
  // Frameworks cache the responses of their `fetch` by default. Older Workers refuse the `cache` option.
  const caching = acceptsNoStore() ? { cache: "no-store" } : {};
  let url = first;
  for (let redirects = 0; ; redirects++) {
    const init = { method: "GET", headers, signal, redirect: "manual", ...caching };
    const response = responseOf(await fetch(url.href, init));
    const location = response.headers.get("location") ?? undefined;
    const { status } = response;
    const isUsable = status >= 200 && status < 300;
    if (!isUsable) discard(response);
    const source = { statusCode: status, headers: { location } };
    const target = redirectTarget(url, source, redirects < MAX_REDIRECTS);
    if (target !== null) {
      url = target;
      continue;
    }
    const header = (name: string): string | null => response.headers.get(name);
    const body = isUsable ? await readBody(response, maxBodyBytes) : new Uint8Array();
    return { status, header, body };
  }
}

/** @throws ProtocolError if the value is not a response. */
function responseOf(value: unknown): WebResponse {
  const { headers, status } = (value ?? {}) as Partial<WebResponse>; // each member is checked
  if (typeof status !== "number" || typeof headers?.get !== "function") {
    throw new ProtocolError("fetch gave no response");
  }
  return value as WebResponse;
}

async function readBody(response: WebResponse, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (): ProtocolError =>
    new ProtocolError(`the body has more than ${maxBytes} bytes`, "SORTITION_BODY_TOO_LARGE");
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    discard(response);
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done || value === undefined) break;
    length += value.length;
    if (length > maxBytes) {
      reader.cancel().catch(() => {}); // the error to report is the size
      throw tooLarge();
    }
    chunks.push(value);
  }
  return concatenated(chunks);
}

let noStore: boolean | null = null;

function acceptsNoStore(): boolean {
  noStore ??= canMake({ cache: "no-store" });
  return noStore;
}

function canMake(init: object): boolean {
  const { Request } = web();
  try {
    return Request !== undefined && Boolean(new Request("https://sortition.invalid/", init));
  } catch {
    return false;
  }
}
