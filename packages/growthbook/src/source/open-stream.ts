import { createClock, messageOf } from "@sortition/core/internal";
import type {
  EventStreamState,
  StreamKeeperPorts,
  StreamLink,
  StreamPlan,
} from "@sortition/node/internal";
import { cacheSettings } from "./cache/cache-settings.js";
import { slowedDown } from "./flapping.js";
import { type HelperCall, hasOwnEventSource } from "./helpers.js";

/** Callbacks of a stream, which belongs to `@sortition/node` or is the user's `EventSource`. */
export interface StreamListener {
  /** Called when the stream is open. */
  onOpen(): void;
  /** Called with each event. If it throws, the event is treated as unusable. */
  onEvent(event: { readonly type: string; readonly data?: unknown }): void;
  /**
   * Called after a failure. If the state is `open`, an event was unusable and the stream continues. Otherwise, no
   * events are received until the next `onOpen`.
   */
  onError(failure: {
    readonly error: { readonly message: string };
    readonly state: EventStreamState;
  }): void;
}

/** Pause after a refusal or an oversized event. Native clients use the same pause. */
const REFUSED_MS = 300_000;

type Streams = Pick<
  typeof import("@sortition/node/internal"),
  "linkOptions" | "openEventStream" | "StreamKeeper"
>;

let loaded: Streams | null = null;

async function load(): Promise<Streams> {
  const { linkOptions, openEventStream, StreamKeeper } = await import("@sortition/node/internal");
  loaded ??= { linkOptions, openEventStream, StreamKeeper };
  return loaded;
}

/**
 * Loads the streaming code while the first payload is requested, so that the first stream opens as fast as later ones.
 */
export function prepareStream(): void {
  // A failure is reported when the stream is opened.
  if (loaded === null && !hasOwnEventSource()) load().catch(() => {});
}

/**
 * Opens the stream of a key, and keeps it open as native clients do. If the server refuses it or repeatedly ends it,
 * the next attempt is delayed.
 *
 * @returns a function that ends the stream synchronously.
 */
export function openStream(call: HelperCall, listener: StreamListener): () => void {
  let isClosed = false;
  let end = (): void => {};
  const open = (streams: Streams): void => {
    if (!isClosed) end = keepStream(streams, call, listener);
  };
  const fail = (cause: unknown): void => {
    if (!isClosed) listener.onError({ error: { message: messageOf(cause) }, state: "closed" });
  };
  if (loaded === null) load().then(open).catch(fail);
  else open(loaded);
  return () => {
    isClosed = true;
    end();
  };
}

function keepStream(
  { linkOptions, openEventStream, StreamKeeper }: Streams,
  { clientKey, headers = {}, host }: HelperCall,
  listener: StreamListener,
): () => void {
  const clock = createClock();
  const connect = (link: StreamLink): ReturnType<StreamPlan["open"]> => {
    const { onError, onOpen } = linkOptions(link);
    return openEventStream({
      url: new URL(`${host}/sub/${clientKey}`),
      headers: lowerCased(headers),
      silenceMs: cacheSettings.streamSilence,
      onOpen() {
        onOpen?.();
        listener.onOpen();
      },
      onEvent: (event) => listener.onEvent(event),
      onError(failure) {
        onError?.(failure);
        listener.onError(failure);
      },
    });
  };
  const plan: StreamPlan = {
    startsWith: "fetch",
    readyMs: null,
    silenceMs: null,
    onGarbage: "fetch",
    // The listener reads the events.
    read: () => ({ kind: "ignored" }),
    ...slowedDown(clock, REFUSED_MS, (link) => {
      try {
        return connect(link);
      } catch (cause) {
        listener.onError({ error: { message: messageOf(cause) }, state: "closed" });
        throw cause;
      }
    }),
  };
  // The callbacks above notify the listener of each failure, not once per outage.
  const ports: StreamKeeperPorts = {
    ...{ clock, random: () => Math.random() },
    lastEventId: () => "",
    event: () => "ignored",
    alive() {},
    up() {},
    down() {},
  };
  const keeper = new StreamKeeper(plan, ports, { opened: 0, lost: 0 });
  keeper.begin();
  return () => keeper.close();
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
