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
 * Outcome of the exposure of one call, over all loggers, when the call returned: `delivered` if one took
 * it, else `queued` if it waits for a logger or its promise; `buffered` if no logger is set.
 */
export type ExposureOutcome =
  | {
      readonly logged: true;
      readonly reason: "delivered" | "queued" | "buffered";
      readonly messageId: string;
    }
  | { readonly logged: false; readonly reason: NotLoggedReason; readonly messageId: null };

type NotLogged = Extract<ExposureOutcome, { readonly logged: false }>;

/** Created once: most calls of a busy process return one of these, and allocate nothing. */
const NOT_LOGGED: Readonly<Record<NotLoggedReason, NotLogged>> = {
  deduplicated: /* @__PURE__ */ create("deduplicated"),
  "not-loggable": /* @__PURE__ */ create("not-loggable"),
  override: /* @__PURE__ */ create("override"),
  default: /* @__PURE__ */ create("default"),
  "not-initialized": /* @__PURE__ */ create("not-initialized"),
  off: /* @__PURE__ */ create("off"),
  closed: /* @__PURE__ */ create("closed"),
  "logger-failed": /* @__PURE__ */ create("logger-failed"),
  dropped: /* @__PURE__ */ create("dropped"),
};

/** The outcome of an exposure that was not logged: one frozen object per reason. */
export function notLogged(reason: NotLoggedReason): ExposureOutcome {
  return NOT_LOGGED[reason];
}

function create(reason: NotLoggedReason): NotLogged {
  return Object.freeze({ logged: false, reason, messageId: null });
}
