import { CallbackError } from "../errors/errors.js";
import type { Diagnostics } from "../runtime/diagnostics.js";

/**
 * Remembers which exposures were logged. An exposure is the choice `choice` (a variation or a bandit
 * action) that `subjectKey` received from the flag `flagKey` through `via` (an allocation, an
 * experiment or both, or a bandit).
 *
 * An exposure is reserved under its message ID while it is being logged. It is confirmed when a logger
 * has delivered it, and released when every logger lost it, so that the next evaluation logs it again,
 * with the same ID. Loggers that claim no receipt have delivered what they took.
 *
 * Every method is called during an evaluation, so it must be fast and must not block.
 */
export interface DeduplicationStore {
  /** Returns whether this exposure is reserved or confirmed, and therefore must not be logged. */
  has(flagKey: string, subjectKey: string, via: string | null, choice: string | null): boolean;
  /** Notes that the exposure is about to be logged under this ID. */
  reserve(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void;
  /** Notes that the exposure was delivered, or can never be, if it is still reserved under this ID. */
  confirm(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void;
  /** Forgets the exposure, if it is still reserved under this ID. */
  release(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void;
}

/** The holder of a reservation, which is the exposure being logged. */
export interface Reservation {
  /** ID of its event, created on first read. */
  readonly messageId: string;
}

/** Like {@link DeduplicationStore}, but an ID is only created if the memory reads it. */
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
 * Guards a user's store against errors. If it throws, the exposure is logged, because a duplicate can be
 * removed later but a lost exposure cannot be restored.
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
