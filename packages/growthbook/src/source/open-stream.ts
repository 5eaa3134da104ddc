import { messageOf } from "@sortition/core/internal";
import type { EventStreamState } from "@sortition/node/internal";
import { cacheSettings } from "./cache/cache-settings.js";
import { type HelperCall, hasOwnEventSource } from "./helpers.js";

/** Callbacks of a stream, which is that of `@sortition/node` or an `EventSource` of the user. */
export interface StreamListener {
  /** The stream is open: its events arrive. */
  onOpen(): void;
  /** A throw counts as an event that cannot be used. */
  onEvent(event: { readonly type: string; readonly data?: unknown }): void;
  /** `open`: an event could not be used, and the stream goes on; else no events arrive until the next `onOpen`. */
  onError(failure: {
    readonly error: { readonly message: string };
    readonly state: EventStreamState;
  }): void;
}

type OpenEventStream = typeof import("@sortition/node/internal").openEventStream;

let loaded: OpenEventStream | null = null;

async function load(): Promise<OpenEventStream> {
  loaded ??= (await import("@sortition/node/internal")).openEventStream;
  return loaded;
}

/** Loads the code of streams while the first payload is on its way, so that the first stream opens as fast as later ones. */
export function prepareStream(): void {
  // A failure is reported when the stream is opened.
  if (loaded === null && !hasOwnEventSource()) load().catch(() => {});
}

/**
 * Opens the stream of a key, as native clients do. It reconnects by itself.
 *
 * @returns a function that ends it in the same turn.
 */
export function openStream(
  { host, clientKey, headers = {} }: HelperCall,
  { onError, onEvent, onOpen }: StreamListener,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const open = (openEventStream: OpenEventStream): void => {
    if (signal.aborted) return;
    openEventStream({
      url: new URL(`${host}/sub/${clientKey}`),
      headers: lowerCased(headers),
      silenceMs: cacheSettings.streamSilence,
      ...{ signal, onOpen, onEvent, onError },
    });
  };
  const fail = (cause: unknown): void => {
    if (!signal.aborted) onError({ error: { message: messageOf(cause) }, state: "closed" });
  };
  try {
    if (loaded === null) load().then(open).catch(fail);
    else open(loaded);
  } catch (cause) {
    fail(cause);
  }
  return () => controller.abort();
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
