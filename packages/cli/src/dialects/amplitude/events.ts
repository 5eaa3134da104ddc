import {
  assignmentToLog,
  exposuresToLog,
  type Tracked,
  type TrackingEvent,
  TrackingFilter,
} from "@sortition/amplitude/dialect";
import { UsageError } from "../../errors.js";

/** The events that the SDK would have logged for a call. */
export interface LoggedEvents {
  readonly assignment: TrackingEvent | null;
  readonly exposures: readonly TrackingEvent[];
}

/** Builds the events of calls. With a cache, the events of equal calls are logged once. */
export class EventLog {
  readonly #assignments: TrackingFilter | null;
  readonly #exposures: TrackingFilter | null;

  /** @param capacity - of each cache; `null`: no caches. */
  constructor(capacity: number | null) {
    this.#assignments = capacity === null ? null : new TrackingFilter(capacity);
    this.#exposures = capacity === null ? null : new TrackingFilter(capacity);
  }

  eventsOf(tracked: Tracked, tracksExposure: boolean): LoggedEvents {
    return {
      assignment: assignmentToLog(tracked, this.#assignments),
      exposures: tracksExposure ? exposuresToLog(tracked, this.#exposures) : [],
    };
  }
}

/** The syntax of `--dedupe`. */
export const DEDUPE_FORM = "lru:SIZE";

/**
 * Reads the capacity in the value of `--dedupe`.
 *
 * @throws UsageError
 */
export function parseCapacity(text: string): number {
  const [, digits] = /^lru:(\d+)$/.exec(text) ?? [];
  const capacity = Number(digits);
  if (Number.isSafeInteger(capacity)) return capacity;
  throw new UsageError(
    `--dedupe: expected ${DEDUPE_FORM} (SIZE: an integer, 0 or more), got ${JSON.stringify(text)}`,
  );
}
