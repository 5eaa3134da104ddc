import type { AbortSignalLike, LoggedEvent } from "@sortition/core/internal";

/** An exposure to send, with its kind and a copy of its event. `event.messageId` is the same in each attempt. */
export type EdgeExposure = LoggedEvent;

/**
 * Sends the exposures of one request. They are counted as delivered when the returned promise is fulfilled.
 *
 * @param options - `signal` fires when the time is up.
 */
export type SendExposures = (
  exposures: readonly EdgeExposure[],
  options: { readonly signal: AbortSignalLike },
) => Promise<unknown>;
