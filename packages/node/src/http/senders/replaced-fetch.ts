import type { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { isRuntimeFetch, ProtocolError } from "@sortition/core/internal";
import type { Message, SendRequest, StreamedResponse } from "./sender.js";

/** The part of `fetch` that this module uses. */
export type FetchLike = (url: string, options: object) => Promise<unknown>;

/** Marks of a `fetch` that a framework has installed to cache responses for pages. */
const FRAMEWORK_MARKS = ["__nextPatched"];
/** The `fetch` at import time. A later replacement may look like the runtime's own. */
const initialFetch = globalThis.fetch as FetchLike | undefined;

/**
 * Returns the global `fetch` if it is neither the runtime's nor a framework's own, for example in a
 * test. Otherwise `null`.
 */
export function replacedFetch(): FetchLike | null {
  const fetch = globalThis.fetch as FetchLike | undefined;
  if (typeof fetch !== "function") return null;
  if (fetch === initialFetch && isRuntimeFetch(fetch)) return null;
  return FRAMEWORK_MARKS.some((mark) => mark in fetch) ? null : fetch;
}

/**
 * Sends with the global `fetch` while it is {@link replacedFetch}.
 *
 * @param onFirst - called before the first such request.
 */
export function sendByReplacedFetch(onFirst: () => void): SendRequest {
  let report: (() => void) | null = onFirst;
  return (message) => {
    const fetch = replacedFetch();
    if (fetch === null) return null;
    report?.();
    report = null;
    return sendByFetch(fetch, message);
  };
}

/** Sends a message with the user's `fetch`. Nothing is cached. */
export async function sendByFetch(
  fetch: FetchLike,
  { url, method = "GET", headers, body, signal }: Message,
): Promise<StreamedResponse> {
  const { "accept-encoding": _, ...own } = headers; // `fetch` decompresses the encodings that it requests
  const options = { method, headers: own, signal, redirect: "manual", cache: "no-store" };
  const response = await fetch(url.href, body === undefined ? options : { ...options, body });
  return readable(response);
}

/** A response as test doubles imitate it, which may have only some members. */
interface ResponseLike {
  readonly status?: number;
  readonly ok?: boolean;
  readonly headers?: { get?(name: string): string | null | undefined };
  readonly body?: ReadableStream | null;
  text?(): string | Promise<string>;
  json?(): unknown;
}

const HEADERS = ["date", "etag", "location", "retry-after"];

async function readable(response: unknown): Promise<StreamedResponse> {
  if (typeof response !== "object" || response === null) {
    throw new ProtocolError("fetch returned no response");
  }
  const { status, ok, headers } = response as ResponseLike; // each member is checked
  return {
    statusCode: statusOf(status, ok),
    headers: Object.fromEntries(HEADERS.map((name) => [name, headers?.get?.(name) ?? undefined])),
    body: await bodyOf(response),
  };
}

/** The vendors' SDKs check `ok`, so a double with `ok: true` is a success, whatever its status. */
function statusOf(status: number | undefined, ok: boolean | undefined): number {
  if (ok === true && !(status !== undefined && status >= 200 && status < 300)) return 200;
  return status ?? (ok === false ? 500 : 200);
}

async function bodyOf(response: ResponseLike): Promise<Readable> {
  const { body } = response;
  // Not imported, because most programs do not replace `fetch`, and streams take a millisecond to
  // load.
  const { Readable } = process.getBuiltinModule("node:stream");
  if (typeof body?.getReader === "function") return Readable.fromWeb(body);
  const text = (await response.text?.()) ?? JSON.stringify(await response.json?.());
  return Readable.from([Buffer.from(text ?? "")]);
}
