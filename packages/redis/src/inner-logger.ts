import {
  type AssignmentLogger,
  type Clock,
  type LoggedEvent,
  OptionError,
  requireMethods,
  within,
} from "@sortition/core/internal";

/**
 * Checks the logger that receives the exposures of a use.
 *
 * @throws OptionError if it is missing or lacks `logAssignment`.
 */
export function requireLogger(logger: AssignmentLogger | undefined): void {
  if (logger === undefined)
    throw new OptionError("logger", "expected a logger, such as segmentLogger({ writeKey })");
  requireMethods("logger", logger, ["logAssignment"], ", such as segmentLogger({ writeKey })");
}

/** The user's logger, which receives exposures from a logger of this package. */
export class InnerLogger {
  readonly name: string;
  readonly #logger: AssignmentLogger;
  readonly #clock: Clock;
  readonly #closesInner: boolean;

  constructor(logger: AssignmentLogger, clock: Clock) {
    this.name = logger.name ?? "";
    this.#logger = logger;
    this.#clock = clock;
    this.#closesInner = logger.owned === true && typeof logger.close === "function";
  }

  /**
   * Calls the logger, and returns its result. A returned promise is fulfilled when the logger has
   * the exposure.
   */
  log({ kind, event }: LoggedEvent): unknown {
    return kind === "assignment"
      ? this.#logger.logAssignment(event)
      : this.#logger.logBanditAction?.(event);
  }

  /** Whether its last delivery failed, according to its `stats()`. */
  get isFailing(): boolean {
    try {
      return ({ ...this.#logger.stats?.() } as { readonly failing?: unknown }).failing === true;
    } catch {
      return false;
    }
  }

  /** Flushes the logger. Resolves to false if the flush failed or timed out. */
  async flush(timeoutMs: number): Promise<boolean> {
    const { flush } = this.#logger;
    if (flush === undefined) return true;
    const limit = { clock: this.#clock, timeoutMs, holdsProcess: false };
    const outcome = await within(limit, (signal) =>
      flush.call(this.#logger, { timeoutMs, signal }),
    );
    return outcome.kind === "done" && !isFailure(outcome.value);
  }

  /** Closes the logger if its member `owned` is true. */
  async close(timeoutMs: number): Promise<void> {
    if (!this.#closesInner) return;
    const limit = { clock: this.#clock, timeoutMs, holdsProcess: false };
    await within(limit, (signal) => this.#logger.close?.({ timeoutMs, signal }));
  }
}

/** Whether the result of a logger's `flush` reports a failure. */
function isFailure(result: unknown): boolean {
  return typeof result === "object" && result !== null && (result as { ok?: unknown }).ok === false;
}

/** Returns kind and event without the members that were added to them. */
export function loggedOf(event: LoggedEvent): LoggedEvent {
  return event.kind === "assignment"
    ? { kind: event.kind, event: event.event }
    : { kind: event.kind, event: event.event };
}
