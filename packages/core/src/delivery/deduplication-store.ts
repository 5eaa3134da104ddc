import { CallbackError } from "../errors/errors.js";
import type { Diagnostics } from "../runtime/diagnostics.js";

/**
 * Remembers which exposures were logged. An exposure is the choice `choice` (a variation; of bandits
 * an action) that `subjectKey` got from the flag `flagKey` by way of `via` (an allocation, a bandit).
 *
 * An exposure that is on its way is reserved under the id of its message. It is confirmed when a logger
 * has it, and released, so that the next evaluation logs it again, when every logger lost it.
 *
 * Every method runs within an evaluation: it must neither wait nor be slow.
 */
export interface DeduplicationStore {
  /** Whether exactly this is reserved or confirmed, so that it must not be logged. */
  has(flagKey: string, subjectKey: string, via: string | null, choice: string | null): boolean;
  /** Notes that it is about to be logged. */
  reserve(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    messageId: string,
  ): void;
  /** Notes that a logger has it, if it is still reserved under this id. */
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

/** A store of the user, which may fail: then the exposure is logged, since a duplicate can be repaired and a loss cannot. */
export function guardStore(
  store: DeduplicationStore,
  diagnostics: Diagnostics,
): DeduplicationStore {
  const report = (cause: unknown): void => {
    const error = new CallbackError(
      "SORTITION_DEDUPLICATION",
      "the deduplication store failed",
      cause,
    );
    diagnostics.error("deduplication failed", { code: error.code, error });
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
    reserve(...exposure) {
      try {
        store.reserve(...exposure);
      } catch (cause) {
        report(cause);
      }
    },
    confirm(...exposure) {
      try {
        store.confirm(...exposure);
      } catch (cause) {
        report(cause);
      }
    },
    release(...exposure) {
      try {
        store.release(...exposure);
      } catch (cause) {
        report(cause);
      }
    },
  };
}
