import type { Reservation } from "../delivery/deduplication-store.js";

/** Why the exposure of a call was not logged. */
export type NotLoggedReason =
  | "deduplicated"
  | "not-loggable"
  | "override"
  | "default"
  | "not-initialized"
  | "unshown"
  | "off"
  | "closed"
  | "logger-failed"
  | "dropped";

/**
 * Outcome of the exposure of one call, over all loggers, when the call returned: `delivered` if a logger
 * took it, `queued` if it waits for a logger or its promise, and `buffered` if no logger is set.
 */
export type ExposureOutcome =
  | {
      readonly logged: true;
      readonly reason: "delivered" | "queued" | "buffered";
      readonly messageId: string;
    }
  | { readonly logged: false; readonly reason: NotLoggedReason; readonly messageId: null };

type Logged = Extract<ExposureOutcome, { readonly logged: true }>;

/** Outcome of a logged exposure. Its ID is built on read, which a typed getter never does. */
export class LoggedOutcome implements Logged {
  readonly logged = true;
  readonly reason: Logged["reason"];
  readonly #exposure: Reservation;

  constructor(reason: Logged["reason"], exposure: Reservation) {
    this.reason = reason;
    this.#exposure = exposure;
  }

  get messageId(): string {
    return this.#exposure.messageId;
  }
}

/** Returns the outcome for details, as an object with own members. */
export function plainOutcome(outcome: ExposureOutcome): ExposureOutcome {
  if (!outcome.logged) return outcome;
  const { messageId, reason } = outcome;
  return { logged: true, reason, messageId };
}

type CamelCase<Name extends string> = Name extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<CamelCase<Rest>>}`
  : Name;

/**
 * Outcomes of exposures that were not logged, by reason. Each is created once, because most calls of a busy process
 * return one of them and should not allocate. Named members are read faster than a variable key.
 */
export const NOT_LOGGED: Readonly<Record<CamelCase<NotLoggedReason>, ExposureOutcome>> = {
  deduplicated: /* @__PURE__ */ create("deduplicated"),
  notLoggable: /* @__PURE__ */ create("not-loggable"),
  override: /* @__PURE__ */ create("override"),
  default: /* @__PURE__ */ create("default"),
  notInitialized: /* @__PURE__ */ create("not-initialized"),
  unshown: /* @__PURE__ */ create("unshown"),
  off: /* @__PURE__ */ create("off"),
  closed: /* @__PURE__ */ create("closed"),
  loggerFailed: /* @__PURE__ */ create("logger-failed"),
  dropped: /* @__PURE__ */ create("dropped"),
};

function create(reason: NotLoggedReason): ExposureOutcome {
  return Object.freeze({ logged: false, reason, messageId: null });
}
