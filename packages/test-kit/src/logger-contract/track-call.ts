import type { CollectedRequest } from "../collector.js";
import type { SentEvent } from "./harness.js";

/** A `track` call as it stands in a batch of the libraries that follow Segment's specification. */
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

/** Calls of a request, as the library writes them. */
export function trackCallsOf({ body }: CollectedRequest): readonly TrackCall[] {
  return (body as { batch: TrackCall[] }).batch;
}

/** The same, in the terms of the contract. */
export function trackedEventsOf(request: CollectedRequest): readonly SentEvent[] {
  return trackCallsOf(request).map(({ messageId, event, userId, timestamp, properties }) => ({
    id: messageId,
    name: event,
    subject: userId ?? "",
    timeMs: Date.parse(timestamp),
    data: properties,
  }));
}
