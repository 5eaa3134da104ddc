import { host } from "../runtime/host.js";

/** A request of `fetch`. */
export interface SentRequest {
  /** Whether it may have been written to a connection. */
  readonly isSent: boolean;
}

/** The members that are read of a request in the diagnostics channels of undici, which implements Node's `fetch`. */
interface UndiciRequest {
  readonly origin?: unknown;
  readonly path?: unknown;
  readonly contentLength?: unknown;
}

interface Expected {
  readonly url: string;
  readonly sizeBytes: number;
  isSent: boolean;
}

/** Requests that `fetch` has not created yet. */
const expected = new Set<Expected>();
/** Requests that wait for a connection. */
const queued = new WeakMap<object, Expected>();
let isWatching = false;

/**
 * Watches a request that is about to be passed to `fetch`, by its URL and the size of its body. A request that waits for a
 * name lookup or a connection is not sent. On hosts without undici's channels, each request is treated as sent.
 */
export function watchRequest(url: string, sizeBytes: number): SentRequest {
  startWatching();
  const request: Expected = { url, sizeBytes, isSent: true };
  if (isWatching) expected.add(request);
  return request;
}

/** Ends the watch of a request that has ended. */
export function forgetRequest(request: SentRequest): void {
  expected.delete(request as Expected); // created by `watchRequest`
}

function startWatching(): void {
  if (isWatching) return;
  const channels = host().process?.getBuiltinModule?.("node:diagnostics_channel");
  if (channels === undefined) return;
  isWatching = true;
  channels.subscribe("undici:request:create", ({ request }) => {
    const { contentLength, origin, path } = request as UndiciRequest;
    for (const it of expected) {
      if (it.sizeBytes !== contentLength || it.url !== `${origin}${path}`) continue;
      expected.delete(it);
      queued.set(request, it);
      it.isSent = false;
      return;
    }
  });
  channels.subscribe("undici:client:sendHeaders", ({ request }) => {
    const it = queued.get(request);
    if (it !== undefined) it.isSent = true;
  });
}
