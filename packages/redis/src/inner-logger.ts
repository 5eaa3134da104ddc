import {
  type AssignmentLogger,
  type Clock,
  type LoggedEvent,
  type LoggerDropReason,
  type LoggerStats,
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
  if (logger === undefined) throw new OptionError("logger", "expected a logger");
  requireMethods("logger", logger, ["logAssignment"]);
}

/** The user's logger, which receives exposures from a logger of this package. */
export class InnerLogger {
  readonly name: string;
  readonly #logger: AssignmentLogger;
  readonly #clock: Clock;
  readonly #closesInner: boolean;
  /** Value of {@link #refused} before the first exposure since the last flush; `null` without an exposure. */
  #refusedBefore: number | null = null;

  constructor(logger: AssignmentLogger, clock: Clock) {
    this.name = logger.name ?? "";
    this.#logger = logger;
    this.#clock = clock;
    this.#closesInner = logger.owned === true && typeof logger.close === "function";
  }

  /** Whether it may still hold exposures after accepting them. */
  get buffers(): boolean {
    return typeof this.#logger.flush === "function";
  }

  /**
   * Calls the logger, and returns its result. A returned promise is fulfilled when the logger has
   * the exposure.
   */
  log({ kind, event }: LoggedEvent): unknown {
    this.#refusedBefore ??= this.#refused;
    return kind === "assignment"
      ? this.#logger.logAssignment(event)
      : this.#logger.logBanditAction?.(event);
  }

  /**
   * Flushes the logger. Resolves to false if the flush failed or timed out, or if the logger has
   * dropped exposures since the last flush because it was full or closed.
   */
  async flush(timeoutMs: number): Promise<boolean> {
    const { flush } = this.#logger;
    if (flush === undefined) return true;
    const limit = { clock: this.#clock, timeoutMs, holdsProcess: false };
    const outcome = await within(limit, (signal) =>
      flush.call(this.#logger, { timeoutMs, signal }),
    );
    const refused = this.#refused;
    const hasRefused = refused > (this.#refusedBefore ?? refused);
    this.#refusedBefore = null;
    return outcome.kind === "done" && !isFailure(outcome.value) && !hasRefused;
  }

  /** Number of exposures that it reports as dropped because it was full or closed. */
  get #refused(): number {
    const droppedBy = (this.#stats["droppedBy"] ?? {}) as Readonly<Record<string, unknown>>; // any value has members
    return countOf(droppedBy["overflow"]) + countOf(droppedBy["closed"]);
  }

  /**
   * Adds to the queue's counters the events that the logger lost or still holds, according to its
   * `stats()`. The sum never exceeds the number of delivered events, because other callers may use
   * the logger, too.
   */
  countedIn(queue: LoggerStats): LoggerStats {
    const stats = this.#stats;
    let { delivered } = queue;
    const sum = (name: "failed" | "dropped" | "buffered"): number => {
      const part = Math.min(delivered, countOf(stats[name]));
      delivered -= part;
      return queue[name] + part;
    };
    const [failed, dropped, buffered] = [sum("failed"), sum("dropped"), sum("buffered")];
    const bufferedBytes = queue.bufferedBytes + countOf(stats["bufferedBytes"]);
    const failing = queue.failing || stats["failing"] === true;
    const droppedBy = withReasons(queue.droppedBy, dropped - queue.dropped, stats["droppedBy"]);
    return { ...queue, delivered, failed, dropped, droppedBy, buffered, bufferedBytes, failing };
  }

  get #stats(): Readonly<Record<string, unknown>> {
    try {
      return { ...this.#logger.stats?.() };
    } catch {
      return {};
    }
  }

  /** Closes the logger if its member `owned` is true. */
  async close(timeoutMs: number): Promise<void> {
    if (!this.#closesInner) return;
    const limit = { clock: this.#clock, timeoutMs, holdsProcess: false };
    await within(limit, (signal) => this.#logger.close?.({ timeoutMs, signal }));
  }
}

/**
 * Adds the reasons why the user's logger dropped `count` events. Events without a known reason were
 * refused.
 */
function withReasons(
  counts: LoggerStats["droppedBy"],
  count: number,
  reasons: unknown,
): LoggerStats["droppedBy"] {
  const added: Record<LoggerDropReason, number> = { ...counts };
  const given = { ...(reasons as Readonly<Record<string, unknown>> | undefined) }; // any value can be spread
  let left = count;
  for (const reason of Object.keys(counts) as LoggerDropReason[]) {
    const part = Math.min(left, countOf(given[reason]));
    added[reason] += part;
    left -= part;
  }
  added.refused += left;
  return added;
}

/** Returns a counter of the user's logger, or 0 if it is not a positive number. */
function countOf(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
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
