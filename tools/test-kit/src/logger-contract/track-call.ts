import type { CollectedRequest } from "../collector.js";
import type { SentEvent } from "./harness.js";

/** A `track` call in a batch of a library that follows Segment's specification. */
export interface TrackCall {
  readonly type: string;
  readonly event: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly integrations: Readonly<Record<string, unknown>>;
}

/**
 * The `fakeScript` of a harness for a library with `track(message, callback)` and `flush()`.
 *
 * @param factory - the function of the package `name` that takes the instance as `analytics`.
 */
export function fakeTrackScript(name: string, factory: string): string {
  return `
    const { ${factory} } = await load("${name}");
    const sent = [];
    const analytics = {
      track: (message, callback) => { sent.push(message.messageId); callback(); },
      flush: async () => {},
    };
    const create = () => ${factory}({ analytics });`;
}

/** The calls of a request, as the library writes them. */
export function trackCallsOf({ body }: CollectedRequest): readonly TrackCall[] {
  return (body as { batch: TrackCall[] }).batch;
}

/** The events of a request, in the terms of the contract. */
export function trackedEventsOf(request: CollectedRequest): readonly SentEvent[] {
  return trackCallsOf(request).map(({ messageId, event, userId, timestamp, properties }) => ({
    id: messageId,
    name: event,
    subject: userId ?? "",
    timeMs: Date.parse(timestamp),
    data: properties,
  }));
}
