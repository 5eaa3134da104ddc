import { CallbackError } from "../errors/errors.js";
import type { Diagnostics } from "../runtime/diagnostics.js";

/**
 * Remembers which exposures were logged. An exposure is the choice `choice` (a variation, or an action
 * of a bandit) that `subjectKey` received from the flag `flagKey` through `via` (an allocation, an
 * experiment or both, or a bandit).
 *
 * An exposure is reserved under its message id while it is on its way. It is confirmed when a logger took
 * it. It is released when every logger lost it, so that the next evaluation logs it again.
 *
 * Every method is called within an evaluation: it must neither block nor be slow.
 */
export interface DeduplicationStore {
  /** Whether this exposure is reserved or confirmed, and so must not be logged. */
  has(flagKey: string, subjectKey: string, via: string | null, choice: string | null): boolean;
  /** Notes that it is about to be logged, under this id. */
  reserve(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void;
  /** Notes that a logger took it, if it is still reserved under this id. */
  confirm(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void;
  /** Forgets it, if it is still reserved under this id. */
  release(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void;
}

/** The holder of a reservation: the exposure itself, on its way. */
export interface Reservation {
  /** The id of its event. It is made when it is first read. */
  readonly messageId: string;
}

/** A memory of exposures: as a {@link DeduplicationStore}, but an id is made only if the memory reads it. */
export interface ExposureMemory extends Pick<DeduplicationStore, "has"> {
  reserve(...exposure: ReservedExposure): void;
  confirm(...exposure: ReservedExposure): void;
  release(...exposure: ReservedExposure): void;
}

type ReservedExposure = readonly [
  flagKey: string,
  subjectKey: string,
  via: string | null,
  choice: string | null,
  by: Reservation,
];

/**
 * Guards a user's store. If it throws, the exposure is logged: a duplicate can be removed later, a loss
 * cannot be repaired.
 */
export function guardStore(store: DeduplicationStore, diagnostics: Diagnostics): ExposureMemory {
  const report = (cause: unknown): void => {
    const error = new CallbackError(
      "SORTITION_DEDUPLICATION",
      "the deduplication store failed",
      cause,
    );
    diagnostics.error("deduplication failed", { code: error.code, error });
  };
  const noting =
    (method: "reserve" | "confirm" | "release"): ExposureMemory[typeof method] =>
    (flagKey, subjectKey, via, choice, { messageId }) => {
      try {
        store[method](flagKey, subjectKey, via, choice, messageId);
      } catch (cause) {
        report(cause);
      }
    };
  return {
    has(flagKey, subjectKey, via, choice) {
      try {
        return store.has(flagKey, subjectKey, via, choice) === true;
      } catch (cause) {
        report(cause);
        return false;
      }
    },
    reserve: noting("reserve"),
    confirm: noting("confirm"),
    release: noting("release"),
  };
}
