import type { AssignmentLogger } from "../../delivery/assignment-logger.js";
import type { EventKind, LoggedEvent } from "../../delivery/logged-event.js";
import { CallbackError } from "../../errors/errors.js";
import { guarded, isThenable } from "../../errors/guard.js";
import type { Deadline } from "../../runtime/deadline.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import { type Moment, momentAgo, msSince, type Readings } from "../../runtime/moment.js";

/** Maximum number of events of each kind that are kept until a logger is set. */
const MAX_BUFFERED = 100;
/** Maximum number of pending promises of the logger. */
const MAX_PENDING = 1_000;
/** A bandit's choice is logged again if it was not made for this long. */
const BANDIT_TTL_MS = 600_000;
const DROPPED =
  "exposures dropped: no assignmentLogger is set, or it is slower than the evaluations; status counts them";

/**
 * Counts of exposures since the client was created. They never decrease, except `buffered` and
 * `pending`: `accepted = delivered + failed + dropped + buffered + pending`.
 */
export interface PrecomputedCounters {
  /** Exposures to be logged. */
  readonly accepted: number;
  /** Not accepted, because they were logged before. */
  readonly deduplicated: number;
  /** Not accepted, because the client is closed or no logger takes this kind of event. */
  readonly refused: number;
  readonly delivered: number;
  /** Exposures for which the logger threw or its promise was rejected. */
  readonly failed: number;
  /** Dropped, because too many exposures wait for a logger or for pending promises. */
  readonly dropped: number;
  /** Buffered until a logger is set. */
  readonly buffered: number;
  /** Pending promises of the logger. */
  readonly pending: number;
}

/** The last exposure of a flag. There is only one subject, so their number is limited by the number of flags. */
interface LoggedExposure {
  readonly via: string;
  readonly choice: string;
  /** When it was last used. `null` for an assignment, which does not expire. */
  usedAt: Moment | null;
}

interface PrecomputedExposuresOptions {
  readonly logger: AssignmentLogger | null | undefined;
  readonly deduplicates: boolean;
  readonly clock: Readings;
  readonly diagnostics: Diagnostics;
}

/** Logs each exposure of one subject once, to one logger. */
export class PrecomputedExposures {
  readonly #options: PrecomputedExposuresOptions;
  readonly #known = new Map<string, LoggedExposure>();
  readonly #pending = new Set<Promise<void>>();
  readonly #counters = {
    accepted: 0,
    deduplicated: 0,
    refused: 0,
    delivered: 0,
    failed: 0,
    dropped: 0,
  };
  /** `undefined`: not set yet. `null`: log nothing. */
  #logger: AssignmentLogger | null | undefined;
  #buffer: { readonly exposure: LoggedEvent; readonly forget: () => void }[] = [];
  #isClosed = false;
  /** Whether a failure was reported since the logger last took an event. */
  #isFailing = false;
  #hasReportedDrop = false;

  constructor(options: PrecomputedExposuresOptions) {
    this.#options = options;
    this.#logger = options.logger;
  }

  get counters(): PrecomputedCounters {
    const [buffered, pending] = [this.#buffer.length, this.#pending.size];
    return Object.freeze({ ...this.#counters, buffered, pending });
  }

  /**
   * Logs an exposure unless it equals the last one of its flag. Never throws.
   *
   * @param via - the allocation or bandit.
   * @param choice - the variation or action.
   */
  record(
    kind: EventKind,
    flagKey: string,
    via: string,
    choice: string,
    create: () => LoggedEvent,
  ): void {
    if (this.#isClosed || !this.#takes(kind)) {
      this.#counters.refused += 1;
      return;
    }
    const key = `${kind} ${flagKey}`;
    const { clock } = this.#options;
    const usedAt = kind === "bandit" ? momentAgo(clock) : null;
    const last = this.#known.get(key);
    if (last?.via === via && last.choice === choice && !this.#hasExpired(last)) {
      last.usedAt = usedAt;
      this.#counters.deduplicated += 1;
      return;
    }
    this.#counters.accepted += 1;
    const logged = { via, choice, usedAt };
    // Set before delivery, because a logger that evaluates the same flag must not receive the same event.
    if (this.#options.deduplicates) this.#known.set(key, logged);
    this.#deliver(create(), () => {
      if (this.#known.get(key) === logged) this.#known.delete(key);
    });
  }

  /** Sets or replaces the logger, which receives the buffered exposures. */
  setLogger(logger: AssignmentLogger | null): void {
    this.#logger = logger;
    const buffer = this.#buffer;
    this.#buffer = [];
    for (const { exposure, forget } of buffer) {
      if (this.#takes(exposure.kind)) this.#deliver(exposure, forget);
      else this.#drop(forget);
    }
  }

  /** Waits for pending promises, then flushes the logger. Never rejects. */
  async flush(deadline: Deadline): Promise<{ readonly ok: boolean; readonly pending: number }> {
    const { failed } = this.#counters;
    await Promise.race([Promise.all(this.#pending), deadline.expired]);
    const isFlushed = await this.#call("flush", deadline);
    const pending = this.#pending.size;
    return { ok: isFlushed && pending === 0 && failed === this.#counters.failed, pending };
  }

  /** Refuses all further exposures, flushes, and closes the logger if the client owns it. */
  async close(deadline: Deadline): Promise<{ readonly ok: boolean; readonly pending: number }> {
    this.#isClosed = true;
    const flushed = await this.flush(deadline);
    for (const { forget } of this.#buffer.splice(0)) this.#drop(forget);
    const isOwned = this.#logger?.owned === true;
    const isClosed = !isOwned || (await this.#call("close", deadline));
    return { ...flushed, ok: flushed.ok && isClosed };
  }

  #hasExpired({ usedAt }: LoggedExposure): boolean {
    return usedAt !== null && msSince(usedAt, this.#options.clock) >= BANDIT_TTL_MS;
  }

  #takes(kind: EventKind): boolean {
    const logger = this.#logger;
    if (logger === null) return false;
    return logger === undefined || kind === "assignment" || logger.logBanditAction !== undefined;
  }

  #deliver(exposure: LoggedEvent, forget: () => void): void {
    const logger = this.#logger;
    if (logger === undefined || logger === null) {
      const alike = this.#buffer.filter((it) => it.exposure.kind === exposure.kind);
      if (alike.length < MAX_BUFFERED) this.#buffer.push({ exposure, forget });
      else this.#drop(forget);
      return;
    }
    if (this.#pending.size >= MAX_PENDING) {
      this.#drop(forget);
      return;
    }
    const fail = (cause: unknown): void => {
      forget();
      this.#counters.failed += 1;
      this.#report("the assignment logger failed", cause);
    };
    try {
      const result =
        exposure.kind === "assignment"
          ? logger.logAssignment(exposure.event)
          : logger.logBanditAction?.(exposure.event);
      if (isThenable(result)) this.#await(result, fail);
      else this.#noteDelivered();
    } catch (cause) {
      fail(cause);
    }
  }

  #await(result: PromiseLike<unknown>, fail: (cause: unknown) => void): void {
    const pending = Promise.resolve(result)
      .then(() => this.#noteDelivered(), fail)
      .finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  #noteDelivered(): void {
    this.#counters.delivered += 1;
    this.#isFailing = false;
  }

  #drop(forget: () => void): void {
    forget();
    this.#counters.dropped += 1;
    if (this.#hasReportedDrop) return;
    this.#hasReportedDrop = true;
    guarded(() => this.#options.diagnostics.warn(DROPPED, { cause: "exposures dropped" }), ignore);
  }

  async #call(method: "flush" | "close", deadline: Deadline): Promise<boolean> {
    const { expired, signal } = deadline;
    try {
      const result = this.#logger?.[method]?.({ timeoutMs: deadline.remainingMs(), signal });
      return await Promise.race([
        Promise.resolve(result).then((value) => !isFailure(value)),
        expired.then(() => !isThenable(result)),
      ]);
    } catch (cause) {
      this.#report(`the assignment logger could not ${method}`, cause);
      return false;
    }
  }

  #report(message: string, cause: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const error = new CallbackError("SORTITION_LOGGER", message, cause);
    guarded(
      () => this.#options.diagnostics.error("logger failed", { code: error.code, error }),
      ignore,
    );
  }
}

function ignore(): void {}

/** Whether a logger's `flush` or `close` reports a failure. */
function isFailure(result: unknown): boolean {
  return typeof result === "object" && result !== null && "ok" in result && !result.ok;
}
