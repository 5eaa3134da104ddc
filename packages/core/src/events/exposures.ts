import { banditEvent } from "../delivery/bandit-event.js";
import type { DeduplicationStore, ExposureMemory } from "../delivery/deduplication-store.js";
import type { DeduplicationPolicy } from "../delivery/deduplicator.js";
import { viaOf } from "../delivery/exposure-parts.js";
import type { EventKind } from "../delivery/logged-event.js";
import { CallbackError, TimeoutError } from "../errors/errors.js";
import type { BanditChoice, BanditEvent, EventMetadata, ExposureBase } from "../model/exposure.js";
import type { Clock } from "../runtime/clock.js";
import { type Diagnostics, SILENT_DIAGNOSTICS } from "../runtime/diagnostics.js";
import { Assignment } from "./assignment.js";
import { BanditAction } from "./bandit-action.js";
import { Dispatcher, type DispatcherPorts, type LoggerSlot } from "./dispatcher.js";
import { DropReports, type ExposuresDropped } from "./drop-reports.js";
import { droppedText } from "./dropped-text.js";
import type { ExposureContext } from "./exposure-context.js";
import { type ExposureDropReason, isLoggerFailure } from "./exposure-drop-reason.js";
import { type ExposureOutcome, LoggedOutcome, NOT_LOGGED } from "./exposure-outcome.js";
import { type ExposureTotals, type LoggerCounters, sumOf } from "./logger-book.js";
import type { LoggerQueue, LoggerQueueLimits } from "./logger-queue.js";
import { LostIds } from "./lost-ids.js";
import { PendingExposure } from "./pending-exposure.js";

/** Counters of exposures since the client was created. All but `totals` and the numbers of waiting events never decrease. */
export interface ExposureCounters {
  /** Exposures to be logged. Each is counted once, regardless of the number of loggers. */
  readonly accepted: number;
  /** Not accepted, because they were logged before. */
  readonly deduplicated: number;
  /** Not accepted, because their flag disables logging or no event can be built. */
  readonly notLoggable: number;
  /** Not accepted, because the client is closed or no logger takes them. */
  readonly refused: { readonly closed: number; readonly off: number };
  /** Exposures that `forSubject` kept back until they are shown (`exposures: "on-show"`). */
  readonly kept: number;
  /**
   * Exposures that were kept back, here or in another process, and reported as shown. They are also counted as accepted,
   * deduplicated or refused. A report that is repeated is counted again.
   */
  readonly shown: number;
  /** Events of all loggers, as in the result of a flush. */
  readonly totals: ExposureTotals;
  /** Counters by logger name. `none` while no logger is set. */
  readonly loggers: Readonly<Record<string, LoggerCounters>>;
}

/** Builds the details of an event that is about to be logged. `null` if that fails. Never throws. */
export type EventDetails = (context: ExposureContext) => object | null;

/** How exposures are remembered. `null`: log every exposure. */
type MemoryOption = DeduplicationPolicy | DeduplicationStore | null;

/** {@link MemoryOption} by kind. */
interface ExposureMemories {
  readonly assignments: MemoryOption;
  readonly bandits: MemoryOption;
}

export interface ExposuresOptions {
  readonly loggers: LoggerSlot;
  readonly deduplication: ExposureMemories;
  readonly storeOf: (memory: MemoryOption) => ExposureMemory | null;
  readonly limits: LoggerQueueLimits;
  readonly metaDataOf: (configuration: ExposureContext["configuration"]) => EventMetadata;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** See {@link DispatcherPorts}. */
  readonly onReceived?: DispatcherPorts["onReceived"];
  /** Called at most once a minute for each reason and logger. */
  readonly onDropped: (dropped: ExposuresDropped) => void;
}

const NOTHING = {
  ...{ accepted: 0, deduplicated: 0, notLoggable: 0, closed: 0, off: 0 },
  ...{ kept: 0, shown: 0 },
};

const CLOSED = "evaluated after close";
const CLOSED_TEXT =
  "evaluated after close(): values are still returned, but exposures are not logged; close the client after the last evaluation";
const UNLOGGED_CHOICES =
  "choices of bandits are not logged, so bandits cannot learn: give assignmentLogger a method logBanditAction";

/**
 * Builds events from exposures and passes them to the loggers. A synchronous logger receives its event
 * before the caller continues.
 *
 * @see docs/spec/lifecycle.md §6
 */
export class Exposures {
  readonly #options: ExposuresOptions;
  #assignments: ExposureMemory | null = null;
  #bandits: ExposureMemory | null = null;
  readonly #reports: DropReports;
  /** Queues and counters of the loggers. */
  readonly dispatcher: Dispatcher;
  readonly #counters: typeof NOTHING;
  /** Shared by all copies. */
  readonly #life: { isClosed: boolean };
  readonly #lost: LostIds;

  /** @param original - see {@link copy}. `options.loggers` are the loggers of the copy. */
  constructor(options: ExposuresOptions, original: Exposures | null = null) {
    this.#options = options;
    if (original !== null) {
      this.#assignments = original.#assignments;
      this.#bandits = original.#bandits;
      this.#counters = original.#counters;
      this.#life = original.#life;
      this.#lost = original.#lost;
      this.#reports = original.#reports;
      this.dispatcher = original.dispatcher.copy(options.loggers);
      return;
    }
    this.#counters = { ...NOTHING };
    this.#life = { isClosed: false };
    this.#lost = new LostIds();
    this.setDeduplication(options.deduplication);
    this.#reports = new DropReports(options.clock, (dropped, total) => {
      const { count, logger, reason } = dropped;
      // `#onDropped` reports a failing logger with its error.
      if (!isLoggerFailure(reason)) {
        const cause = "exposures dropped";
        options.diagnostics.warn(droppedText(dropped, total), {
          cause,
          dropped: reason,
          count,
          total,
          logger,
        });
      }
      options.onDropped(dropped);
    });
    const ports: DispatcherPorts = {
      ...options,
      onDropped: this.#onDropped.bind(this),
      onDeliveredInPart({ name: logger }, { flagKey: flag }) {
        const message = "exposure logged without the attributes that JSON cannot express";
        options.diagnostics.warn(message, { flag, logger });
      },
    };
    this.dispatcher = new Dispatcher(options.loggers, ports, this.#reports);
  }

  get counters(): ExposureCounters {
    const { accepted, closed, deduplicated, kept, notLoggable, off, shown } = this.#counters;
    const loggers = this.dispatcher.counters;
    return Object.freeze({
      accepted,
      deduplicated,
      notLoggable,
      refused: Object.freeze({ closed, off }),
      kept,
      shown,
      totals: sumOf(Object.values(loggers).map(({ totals }) => totals)),
      loggers,
    });
  }

  /** Counts an assignment whose flag disables logging. */
  noteNotLoggable(): ExposureOutcome {
    this.#counters.notLoggable += 1;
    return NOT_LOGGED.notLoggable;
  }

  /** Counts an exposure that is kept back until it is shown. */
  noteKept(): void {
    this.#counters.kept += 1;
  }

  /** Number of exposures that were kept back, if none was ever shown. */
  get neverShown(): number {
    const { kept, shown } = this.#counters;
    return shown === 0 ? kept : 0;
  }

  /** Counts an exposure that was kept back and is now shown. */
  noteShown(): void {
    this.#counters.shown += 1;
  }

  /**
   * Logs an assignment unless it was logged before. Never throws.
   *
   * @param evaluationDetails - the details, or a function that builds them, called only if the event is logged.
   */
  record(
    base: ExposureBase,
    context: ExposureContext,
    evaluationDetails: object | EventDetails | null,
  ): ExposureOutcome {
    const obstacle = this.#obstacleFor("assignment");
    if (obstacle !== null) return obstacle;
    const flagKey = base.featureFlag ?? context.flagKey;
    const { deduplicationKey = flagKey, variation } = base;
    const via = base.via === undefined ? viaOf(flagKey, base) : base.via;
    const store = this.#assignments;
    // Checked first, because most calls of a busy process end here.
    if (store?.has(deduplicationKey, context.subject.key, via, variation)) {
      return this.#noteKnown();
    }
    return this.#log(base, context, flagKey, via, evaluationDetails);
  }

  /** Separate from {@link record}, so that `record` stays small enough to be inlined. */
  #log(
    base: ExposureBase,
    context: ExposureContext,
    flagKey: string,
    via: string | null,
    evaluationDetails: object | EventDetails | null,
  ): ExposureOutcome {
    const { deduplicationKey = flagKey, variation } = base;
    const details = isFunction(evaluationDetails) ? evaluationDetails(context) : evaluationDetails;
    const { key } = context.subject;
    let assignment: Assignment;
    try {
      const metaData = this.#options.metaDataOf(context.configuration);
      assignment = new Assignment(base, context, flagKey, metaData, details);
      if (context.messageId !== undefined) assignment.useId(context.messageId);
    } catch {
      return this.#noteNotExpressible();
    }
    return this.#accept(assignment, key, this.#assignments, deduplicationKey, via, variation);
  }

  /** Logs a bandit's choice unless it was logged before. Never throws. */
  recordBandit(
    choice: BanditChoice,
    context: ExposureContext,
    evaluationDetails: object | null,
  ): ExposureOutcome {
    const obstacle = this.#obstacleFor("bandit");
    if (obstacle !== null) return obstacle;
    const { flagKey } = context;
    const { action, banditKey } = choice;
    const store = this.#bandits;
    if (store?.has(flagKey, context.subject.key, banditKey, action)) return this.#noteKnown();
    let event: BanditEvent;
    try {
      const metaData = this.#options.metaDataOf(context.configuration);
      const [subject, nowMs] = [context.subject.key, context.nowMs()];
      event = banditEvent(choice, { flagKey, subject, nowMs, metaData, evaluationDetails });
    } catch {
      return this.#noteNotExpressible();
    }
    const made = new BanditAction(event);
    return this.#accept(made, context.subject.key, store, flagKey, banditKey, action);
  }

  /**
   * Creates exposures with their own loggers and their own memory, which starts with this one's content. Counters, reports
   * and `close` are shared.
   */
  copy(loggers: LoggerSlot): Exposures {
    return exposuresOf({ ...this.#options, loggers }, this);
  }

  /** Creates exposures that log and report nothing. They have their own counters and their own `close`. */
  mute(): Exposures {
    const { onReceived: _, ...options } = this.#options;
    return exposuresOf(
      {
        ...options,
        loggers: null,
        deduplication: { assignments: null, bandits: null },
        diagnostics: SILENT_DIAGNOSTICS,
        onDropped() {},
      },
      null,
    );
  }

  /** Replaces the memory of the given kinds. */
  setDeduplication({ assignments, bandits }: Partial<ExposureMemories>): void {
    if (assignments !== undefined) this.#assignments = this.#options.storeOf(assignments);
    if (bandits !== undefined) this.#bandits = this.#options.storeOf(bandits);
  }

  /** Refuses all further exposures. Idempotent. */
  close(): void {
    this.#life.isClosed = true;
  }

  /** Drops all events that were not delivered, and reports the losses. */
  abandon(): void {
    this.#reports.endWith(() => this.dispatcher.abandon());
  }

  #obstacleFor(kind: EventKind): ExposureOutcome | null {
    if (this.#life.isClosed) {
      if (this.#counters.closed++ === 0)
        this.#options.diagnostics.warn(CLOSED_TEXT, { cause: CLOSED });
      return NOT_LOGGED.closed;
    }
    const readiness = this.dispatcher.readinessFor(kind);
    if (readiness === "ready") return null;
    if (readiness === "off") {
      const lacksMethod = this.dispatcher.readinessFor("assignment") === "ready";
      if (this.#counters.off++ === 0 && lacksMethod) {
        this.#options.diagnostics.warn(UNLOGGED_CHOICES, { cause: "no logBanditAction" });
      }
      return NOT_LOGGED.off;
    }
    this.#counters.accepted += 1;
    this.dispatcher.turnAway();
    return NOT_LOGGED.dropped;
  }

  #accept(
    content: Assignment | BanditAction,
    subject: string,
    store: ExposureMemory | null,
    key: string,
    via: string | null,
    choice: string | null,
  ): ExposureOutcome {
    const exposure: PendingExposure =
      store === null
        ? new PendingExposure(content, null)
        : this.#reserve(content, subject, store, key, via, choice);
    this.#counters.accepted += 1;
    const answer = this.dispatcher.dispatch(exposure);
    if (answer === "failed") return NOT_LOGGED.loggerFailed;
    if (answer === "dropped") return NOT_LOGGED.dropped;
    return new LoggedOutcome(answer, exposure);
  }

  /** Precedes delivery, because a logger that evaluates the same flag must not receive the same event. */
  #reserve(
    content: Assignment | BanditAction,
    subject: string,
    store: ExposureMemory,
    key: string,
    via: string | null,
    choice: string | null,
  ): PendingExposure {
    const lost = this.#lost;
    const exposure = new PendingExposure(content, (isSettled) => {
      if (isSettled) store.confirm(key, subject, via, choice, exposure);
      else {
        store.release(key, subject, via, choice, exposure);
        lost.keep(exposure.messageId, exposure.kind, key, subject, via, choice);
      }
    });
    const id = lost.take(content.kind, key, subject, via, choice);
    if (id !== null) content.useId(id);
    store.reserve(key, subject, via, choice, exposure);
    return exposure;
  }

  #noteKnown(): ExposureOutcome {
    this.#counters.deduplicated += 1;
    return NOT_LOGGED.deduplicated;
  }

  /** Called if no event can be built, e.g. because a JavaScript caller passed a BigInt as the subject key. */
  #noteNotExpressible(): ExposureOutcome {
    this.#options.diagnostics.warn(
      "exposures dropped: no event can be built, e.g. because the subject key is a BigInt; pass a string",
      { cause: "exposures dropped", dropped: "not-expressible" },
    );
    return this.noteNotLoggable();
  }

  #onDropped(
    queue: LoggerQueue,
    exposure: PendingExposure,
    reason: ExposureDropReason,
    cause: unknown,
  ): void {
    if (isLoggerFailure(reason)) {
      const error =
        reason === "logger-timeout"
          ? new TimeoutError(
              "logger",
              this.#options.limits.loggerTimeoutMs,
              "settle its promise, or raise exposures.loggerTimeoutMs",
            )
          : new CallbackError("SORTITION_LOGGER", "the assignment logger failed", cause);
      const facts = { code: error.code, flag: exposure.flagKey, logger: queue.name, error };
      this.#options.diagnostics.error("logger failed", facts);
    }
    this.#reports.note(reason, queue.name);
  }
}

function isFunction(details: object | EventDetails | null): details is EventDetails {
  return typeof details === "function";
}

// Outside the class, because bundlers rename a class that refers to itself.
function exposuresOf(options: ExposuresOptions, original: Exposures | null): Exposures {
  return new Exposures(options, original);
}
