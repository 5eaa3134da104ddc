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

/**
 * What became of the exposure of one call, over all loggers, when the call returned: `delivered` if one
 * has it, else `queued` if it waits for one or for its promise; `buffered` if there is none yet.
 */
export type ExposureOutcome =
  | {
      readonly logged: true;
      readonly reason: "delivered" | "queued" | "buffered";
      readonly messageId: string;
    }
  | { readonly logged: false; readonly reason: NotLoggedReason; readonly messageId: null };

type NotLogged = Extract<ExposureOutcome, { readonly logged: false }>;

/** Made once: most calls of a busy process come here, and should allocate nothing. */
const NOT_LOGGED: Readonly<Record<NotLoggedReason, NotLogged>> = {
  deduplicated: create("deduplicated"),
  "not-loggable": create("not-loggable"),
  override: create("override"),
  default: create("default"),
  "not-initialized": create("not-initialized"),
  off: create("off"),
  closed: create("closed"),
  "logger-failed": create("logger-failed"),
  dropped: create("dropped"),
};

/** The outcome of an exposure that was not logged; frozen, and always the same object. */
export function notLogged(reason: NotLoggedReason): ExposureOutcome {
  return NOT_LOGGED[reason];
}

function create(reason: NotLoggedReason): NotLogged {
  return Object.freeze({ logged: false, reason, messageId: null });
}
