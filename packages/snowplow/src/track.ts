import type { SnowplowMessage } from "./message.js";
import { EventPayload } from "./payload.js";

/** The methods that the logger calls of a tracker from `@snowplow/node-tracker`, version 4. */
export interface SnowplowTracker {
  /** Tracks an event with its contexts and time. Returns `undefined` if it is not tracked. */
  track(payload: never, contexts: never, timestamp: never): unknown;
  /** Sends its queued events. */
  flush(): Promise<unknown>;
}

/**
 * Passes a message to a tracker.
 *
 * @throws if the tracker does not track the event.
 */
export function track(tracker: SnowplowTracker, message: SnowplowMessage): void {
  const { event, contexts, eventId, userId, timeMs } = message;
  const payload = new EventPayload(event, { eid: eventId, uid: userId });
  const timestamp = { type: "ttm", value: timeMs };
  // The payload has the methods that the tracker calls, but not the library's types.
  const isTracked = tracker.track(payload as never, [...contexts] as never, timestamp as never);
  if (isTracked === undefined) {
    throw new Error(
      "the tracker did not track the event, because it is deactivated or a plugin filters events",
    );
  }
}
