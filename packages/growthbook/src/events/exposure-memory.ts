import { exposureKeyOf, type ObservedOutcome } from "../dialect/evaluation/experiment/outcome.js";
import type { TrackingData, TrackingUserContext } from "./callbacks.js";
import { isSameUser, trackingUser, type UserContext } from "./user-context.js";

/** One exposure of an instance. */
export interface Exposure {
  isTracked: boolean;
  /** The last list of deferred calls to which it was added. */
  deferredIn: readonly Exposure[] | null;
  /** Outcome and user of the deferred call. `null` for calls that the caller passed in. */
  outcome: ObservedOutcome | null;
  user: TrackingUserContext | null;
  /** The deferred call as returned to callers. `null` until a caller reads it. */
  call: TrackingData | null;
}

/** The exposures of one instance, both tracked ones and those that wait for a callback. */
export class ExposureMemory {
  readonly #byKey = new Map<string, Exposure>();
  #deferred: Exposure[] = [];
  /** Number of loops over {@link eachDeferred} in progress. */
  #readers = 0;

  /** @param key - see `exposureKeyOf`. */
  of(key: string): Exposure {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made = { isTracked: false, deferredIn: null, outcome: null, user: null, call: null };
    this.#byKey.set(key, made);
    return made;
  }

  /**
   * Stores an exposure until a callback is set. A later exposure with the same key replaces the first in its position.
   *
   * @returns the stored outcome, which is the previous one if it is equal and no caller has read its call.
   */
  defer(exposure: Exposure, outcome: ObservedOutcome, user: UserContext): ObservedOutcome {
    const { outcome: kept, user: keptUser } = exposure;
    if (this.#add(exposure) && kept?.canReplace(outcome) && isSameUser(keptUser, user)) return kept;
    exposure.outcome = outcome;
    exposure.user = trackingUser(user);
    exposure.call = null;
    return outcome;
  }

  get deferred(): TrackingData[] {
    return this.#deferred.map(callOf);
  }
  set deferred(calls: readonly TrackingData[]) {
    this.#deferred = [];
    for (const call of calls) {
      const exposure = this.of(exposureKeyOf(call));
      this.#add(exposure);
      exposure.outcome = null;
      exposure.user = null;
      exposure.call = call;
    }
  }

  /** Yields the deferred calls, including those added during the loop, until they are forgotten. */
  *eachDeferred(): Generator<TrackingData> {
    this.#readers += 1;
    try {
      for (const exposure of this.#deferred) yield callOf(exposure);
    } finally {
      this.#readers -= 1;
    }
  }

  /** Forgets the deferred calls. */
  forgetDeferred(): void {
    const forgotten = this.#deferred;
    this.#deferred = [];
    // Stops readers at the end of the list. Without readers, we skip this, because it takes longer than an evaluation.
    if (this.#readers > 0) forgotten.length = 0;
  }

  /** @returns whether it was already deferred. */
  #add(exposure: Exposure): boolean {
    if (exposure.deferredIn === this.#deferred) return true;
    exposure.deferredIn = this.#deferred;
    this.#deferred.push(exposure);
    return false;
  }
}

function callOf(exposure: Exposure): TrackingData {
  if (exposure.call === null) {
    // The outcome and the user are set, because an evaluation deferred the exposure.
    const { experiment, result } = (exposure.outcome as ObservedOutcome).made;
    exposure.call = { experiment, result, user: exposure.user as TrackingUserContext };
  }
  return exposure.call;
}
