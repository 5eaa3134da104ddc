import type { CollectedRequest } from "../collector.js";
import type { SentEvent } from "./harness.js";

/** A `track` call in a batch of a library that implements Segment's specification. */
export interface TrackCall {
  readonly event: string;
  readonly userId?: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Returns the `fakeScript` of a harness for a library with `track(message, callback)` and
 * `flush()`.
 *
 * @param factory - the function of the package `name` that accepts the instance as `analytics`.
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

/** Returns the calls in a request, in the library's format. */
export function trackCallsOf({ body }: CollectedRequest): readonly TrackCall[] {
  return (body as { batch: TrackCall[] }).batch;
}

/** Returns the events in a request, in the contract's format. */
export function trackedEventsOf(request: CollectedRequest): readonly SentEvent[] {
  return trackCallsOf(request).map(({ messageId, event, userId, properties }) => ({
    id: messageId,
    name: event,
    subject: userId ?? "",
    data: properties,
  }));
}
