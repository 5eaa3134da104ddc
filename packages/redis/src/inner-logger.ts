import {
  type AssignmentLogger,
  type LoggedEvent,
  OptionError,
  requireMethods,
} from "@sortition/core/logger";
import { type Clock, within } from "@sortition/core/source";

/**
 * Checks the logger that a use hands exposures on to.
 *
 * @throws OptionError if it is absent or lacks `logAssignment`.
 */
export function requireLogger(logger: AssignmentLogger | undefined): void {
  if (logger === undefined) throw new OptionError("logger", "expected a logger");
  requireMethods("logger", logger, ["logAssignment"]);
}

/** The user's logger, to which a logger of this package hands exposures on. */
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

  /** Whether it holds exposures after it took them. */
  get buffers(): boolean {
    return typeof this.#logger.flush === "function";
  }

  /** Calls the logger, and returns what it returns: a promise is fulfilled when it has the exposure. */
  log({ kind, event }: LoggedEvent): unknown {
    return kind === "assignment"
      ? this.#logger.logAssignment(event)
      : this.#logger.logBanditAction?.(event);
  }

  /** Delivers what the logger holds. False: it failed, or took longer. */
  async flush(timeoutMs: number): Promise<boolean> {
    const { flush } = this.#logger;
    if (flush === undefined) return true;
    const limit = { clock: this.#clock, timeoutMs, holdsProcess: false };
    const outcome = await within(limit, (signal) =>
      flush.call(this.#logger, { timeoutMs, signal }),
    );
    return outcome.kind === "done" && !isFailure(outcome.value);
  }

  /** Closes the logger if it belongs to its user. */
  async close(timeoutMs: number): Promise<void> {
    if (!this.#closesInner) return;
    const limit = { clock: this.#clock, timeoutMs, holdsProcess: false };
    await within(limit, (signal) => this.#logger.close?.({ timeoutMs, signal }));
  }
}

/** What a logger's `flush` resolves to may say that it failed. */
function isFailure(result: unknown): boolean {
  return typeof result === "object" && result !== null && (result as { ok?: unknown }).ok === false;
}

/** The event of a prepared one, without what was added to it. */
export function loggedOf(event: LoggedEvent): LoggedEvent {
  return event.kind === "assignment"
    ? { kind: event.kind, event: event.event }
    : { kind: event.kind, event: event.event };
}
