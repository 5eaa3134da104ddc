import type { AbortSignalLike, LoggedEvent } from "@sortition/core/internal";

/** An exposure to send, with its kind and a copy of its event. `event.messageId` is the same in each attempt. */
export type EdgeExposure = LoggedEvent;

/** Result of {@link SendExposures}. Any other result means that all exposures were delivered. */
export interface SendResult {
  /** Exposures that the receiver refused because of their content. They are not logged again. */
  readonly refused?: readonly EdgeExposure[];
  /** Exposures that were lost for another reason. The next evaluation logs them again. */
  readonly failed?: readonly EdgeExposure[];
}

/**
 * Sends the exposures of one request. They are counted as delivered when the returned promise is fulfilled, except those
 * in its {@link SendResult}.
 *
 * @param options - `signal` fires when the time is up.
 */
export type SendExposures = (
  exposures: readonly EdgeExposure[],
  options: { readonly signal: AbortSignalLike },
) => Promise<unknown>;
