/** Why the exposure of a call was not logged. */
export type NotLoggedReason =
  | "deduplicated"
  | "not-loggable"
  | "override"
  | "default"
  | "not-initialized"
  | "off"
  | "closed"
  | "logger-failed"
  | "dropped";

/** What became of the exposure of one call. */
export type ExposureOutcome =
  | { readonly logged: true; readonly reason: "delivered" | "buffered"; readonly messageId: string }
  | { readonly logged: false; readonly reason: NotLoggedReason; readonly messageId: null };

/** The outcome of an exposure that was not logged. */
export function notLogged(reason: NotLoggedReason): ExposureOutcome {
  return { logged: false, reason, messageId: null };
}
