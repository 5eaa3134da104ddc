import type { AbortSignalLike, LoggedEvent } from "@sortition/core/internal";

/** An exposure as it is sent: its kind, and its event, which is a copy. `event.messageId` is the same in each attempt. */
export type EdgeExposure = LoggedEvent;

/**
 * Sends the exposures of one request. They count as delivered when its promise is fulfilled.
 *
 * @param options - `signal` fires when the time is up.
 */
export type SendExposures = (
  exposures: readonly EdgeExposure[],
  options: { readonly signal: AbortSignalLike },
) => Promise<unknown>;
