import type { Tracked } from "./canonical.js";
import { assignmentEvent, exposureEvents, type TrackingEvent } from "./events.js";
import type { TrackingFilter } from "./filter.js";

/**
 * Returns the assignment event of an evaluation, or `null` if none is to be logged. Errors of
 * tracking, for example because an id has no string form, never reach the caller of an evaluation.
 *
 * @param filter - remembers tracked evaluations. `null`: no deduplication.
 * @param sendsEvaluatedProps - whether the event contains the properties that the user was
 * evaluated with.
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

/** Returns the exposure events of an evaluation, in the same way as {@link assignmentToLog}. */
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
