import type { Tracked } from "./canonical.js";
import { assignmentEvent, exposureEvents, type TrackingEvent } from "./events.js";
import type { TrackingFilter } from "./filter.js";

/**
 * The assignment event that an evaluation gives; `null` if none is to be logged. What tracking throws,
 * for example because an id has no string form, never reaches the caller of an evaluation.
 *
 * @param filter - what was tracked before; `null`: nothing is remembered.
 * @param sendsEvaluatedProps - whether the event carries what the user was evaluated by.
 */
export function assignmentToLog(
  tracked: Tracked,
  filter: TrackingFilter | null,
  sendsEvaluatedProps = false,
): TrackingEvent | null {
  try {
    return isTracked(tracked, filter) ? assignmentEvent(tracked, sendsEvaluatedProps) : null;
  } catch {
    return null;
  }
}

/** The exposure events that an evaluation gives, as {@link assignmentToLog}. */
export function exposuresToLog(
  tracked: Tracked,
  filter: TrackingFilter | null,
): readonly TrackingEvent[] {
  try {
    return isTracked(tracked, filter) ? exposureEvents(tracked) : [];
  } catch {
    return [];
  }
}

function isTracked(tracked: Tracked, filter: TrackingFilter | null): boolean {
  if (filter === null) return tracked.results.size > 0;
  return filter.shouldTrack(tracked, tracked.timestampMs);
}
