import type {
  AssignmentLogger,
  PendingAssignment,
  PendingLogging,
} from "../delivery/assignment-logger.js";
import { BoundedQueue } from "../delivery/bounded-queue.js";
import { deliveryFailure } from "../delivery/delivery-failure.js";
import { type Ending, Ledger } from "../delivery/ledger.js";
import type { LoggedEvent } from "../delivery/logged-event.js";
import { OutageReporter } from "../delivery/outage-reporter.js";
import { claimReceipt, handOver, type Receipt } from "../delivery/receipt.js";
import { estimateBytes } from "../delivery/size-estimate.js";
import { CallbackError } from "../errors/errors.js";
import { guarded } from "../errors/guard.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { startDeadline } from "../runtime/deadline.js";
import { type AbortSignalLike, onHostIdle } from "../runtime/host.js";
import { DeliveryLoop, type Item } from "./delivery-loop.js";
import { type LoggerFlushSummary, summaryOf } from "./flush-summary.js";
import type { LoggerErrorStage, ResolvedLoggerOptions } from "./options.js";
import {
  type PlainEvent,
  type PreparedMessage,
  type PrepareOptions,
  prepareEvent,
} from "./prepare.js";
import { type LoggerDropReason, type LoggerStats, StatsBook } from "./stats.js";
import type { VendorPlan } from "./vendor.js";

/** Time limit of a flush or a close. */
export interface LoggerTimeLimit {
  /** Default: 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Ends the flush or close early. */
  readonly signal?: AbortSignalLike | undefined;
}

/** A logger that hands events to an analytics library, counts their outcomes, and never throws. */
export interface BufferedLogger extends AssignmentLogger {
  readonly name: string;
  /** Whether the logger created the vendor's instance. If so, the client's `close` closes the logger. */
  readonly owned: boolean;
  logAssignment(event: AssignmentEvent): void;
  logBanditAction(event: BanditEvent): void;
  /** Delivers the events logged so far. Never rejects. Concurrent calls share the work. */
  flush(limit?: LoggerTimeLimit): Promise<LoggerFlushSummary>;
  /**
   * Stops accepting events, delivers the buffered ones, and closes the vendor's instance if the logger
   * created it. Events that are not delivered in time are dropped. Never rejects. Repeated calls return
   * the same promise.
   */
  close(limit?: LoggerTimeLimit): Promise<LoggerFlushSummary>;
  stats(): LoggerStats;
}

const DEFAULT_TIMEOUT_MS = 5_000;
/** Maximum time by which the end of a process is delayed. */
const EXIT_TIMEOUT_MS = 2_000;

/**
 * Creates a logger over a vendor's library.
 *
 * @param options - the result of `resolveLoggerOptions`.
 * @param build - builds the vendor's message from an event, and may call the user's mapper.
 * @param callsUser - whether `build` calls the user's functions for an assignment. If so, the message is built in the turn
 * in which the assignment is logged, otherwise at the end of that turn.
 */
export function createBufferedLogger<Message>(
  plan: VendorPlan<Message>,
  options: ResolvedLoggerOptions,
  build: (event: PlainEvent) => Message | null,
  callsUser = true,
): BufferedLogger {
  return new VendorLogger(plan, options, build, callsUser);
}

class VendorLogger<Message> implements BufferedLogger {
  readonly name: string;
  readonly owned: boolean;
  readonly pending: PendingLogging | undefined;
  readonly #options: ResolvedLoggerOptions;
  readonly #prepareOptions: PrepareOptions<Message>;
  readonly #book = new StatsBook();
  /** Numbers of dropped events, without those that are logged again. */
  readonly #lost = new Map<LoggerDropReason, number>();
  readonly #queue: BoundedQueue<Item<Message>>;
  readonly #ledger = new Ledger(this.#book.counts, (reason) => reason === "failed");
  readonly #outages: OutageReporter;
  readonly #deliveryLoop: DeliveryLoop<Message>;
  readonly #plan: VendorPlan<Message>;
  /** Assignments of this turn whose messages are not built yet; empty between two turns. */
  #unprepared: { readonly assignment: PendingAssignment; readonly receipt: Receipt | null }[] = [];
  /** Items that were passed to `divert` and have not settled. */
  readonly #diverted = new Set<Item<Message>>();
  #closing: Promise<LoggerFlushSummary> | undefined;
  /** Whether `close` has dropped the undelivered events. */
  #hasClosed = false;
  #stopExitWatch: (() => void) | undefined;

  constructor(
    plan: VendorPlan<Message>,
    options: ResolvedLoggerOptions,
    build: (event: PlainEvent) => Message | null,
    callsUser: boolean,
  ) {
    this.name = options.name;
    this.owned = options.owned;
    // Messages for the user's instance are built and handed over in the turn in which they are logged.
    this.pending =
      !options.owned || callsUser || typeof options.includeSubjectAttributes === "function"
        ? undefined
        : { insteadOf: this.logAssignment, log: (assignment) => this.#takeLater(assignment) };
    this.#options = options;
    this.#prepareOptions = { ...options, nowMs: options.clock.now, build };
    this.#plan = plan;
    const { clock, diagnostics, maxBuffered, maxBufferedBytes, name, overflow } = options;
    this.#queue = new BoundedQueue({ maxItems: maxBuffered, maxBytes: maxBufferedBytes, overflow });
    this.#outages = new OutageReporter(name, clock, diagnostics);
    this.#deliveryLoop = new DeliveryLoop(plan, this.#queue, options, this.#outages, {
      handOver: (item, call, onEnded) => handOver(item, this.#book.later, call, onEnded),
      prepare: () => this.#prepareAll(),
      delivered: (item) => this.#end(item, "delivered"),
      failed: (item) => this.#end(item, "failed"),
      dropped: (item, reason, error, isLasting) => this.#endDropped(item, reason, error, isLasting),
      report: (stage, error, item) => this.#report(stage, error, item?.event),
    });
  }

  logAssignment(event: AssignmentEvent): void {
    const receipt = claimReceipt();
    this.#prepareAll();
    this.#take({ kind: "assignment", event }, receipt);
  }

  logBanditAction(event: BanditEvent): void {
    const receipt = claimReceipt();
    this.#prepareAll();
    this.#take({ kind: "bandit", event }, receipt);
  }

  async flush(limit: LoggerTimeLimit = {}): Promise<LoggerFlushSummary> {
    const { clock } = this.#options;
    this.#prepareAll();
    const window = this.#ledger.open();
    const deadline = startDeadline(clock, limit.timeoutMs ?? DEFAULT_TIMEOUT_MS, limit.signal);
    try {
      if (this.#ledger.waiting > 0) {
        this.#deliveryLoop.release(this.#ledger.last);
        const flushed = window.done.then(() => this.#deliveryLoop.flushed);
        await Promise.race([flushed, deadline.expired]);
      }
      return summaryOf(window.counts);
    } finally {
      window.close();
      if (this.#ledger.isCalm) this.#deliveryLoop.relax();
      deadline.end();
    }
  }

  close(limit: LoggerTimeLimit = {}): Promise<LoggerFlushSummary> {
    this.#prepareAll();
    this.#closing ??= this.#close(limit);
    return this.#closing;
  }

  stats(): LoggerStats {
    this.#prepareAll();
    return this.#book.snapshot({
      bufferedBytes: this.#queue.heldBytes,
      inFlight: this.#deliveryLoop.inFlight + this.#diverted.size,
      failing: this.#outages.isFailing,
    });
  }

  /**
   * Postpones an assignment to the end of the turn. Anything that could observe the delay prepares it first. To limit the
   * memory of a long turn, more than `maxBuffered` assignments are also prepared immediately.
   */
  #takeLater(assignment: PendingAssignment): void {
    const count = this.#unprepared.push({ assignment, receipt: claimReceipt() });
    if (count > this.#options.maxBuffered) this.#prepareAll();
    else if (count === 1) this.#deliveryLoop.prepareSoon();
  }

  #prepareAll(): void {
    if (this.#unprepared.length === 0) return;
    const unprepared = this.#unprepared;
    this.#unprepared = [];
    for (const { assignment, receipt } of unprepared) this.#take(assignment, receipt);
  }

  #take(logged: LoggedEvent, receipt: Receipt | null): void {
    if (this.#closing !== undefined) {
      this.#refuse("closed", receipt);
      return;
    }
    const prepared = this.#prepare(logged);
    if (prepared === null) {
      this.#ledger.refuse("failed");
      receipt?.settle("failed", true);
      return;
    }
    if (prepared.kind === "dropped") {
      this.#refuse(prepared.reason, receipt, true);
      return;
    }
    if (prepared.trimmed) this.#book.trimmed += 1;
    this.#book.removedMembers += prepared.removed;
    const { event, message } = prepared;
    const number = this.#ledger.accept();
    const item = { number, message, event, receipt, sizeBytes: estimateBytes([message, event]) };
    const refusal = this.#queue.offer(item, (oldest) => this.#endDropped(oldest, "overflow"));
    if (refusal !== null) {
      if (refusal === "overflow" && this.#plan.divert !== undefined) this.#divertItem(item);
      else this.#endDropped(item, refusal, undefined, refusal === "too-large");
      return;
    }
    this.#watchExit();
    this.#deliveryLoop.schedule(number);
  }

  /** Returns `null` after a failure, which it counts and reports. */
  #prepare(logged: LoggedEvent): PreparedMessage<Message> | null {
    try {
      return prepareEvent(logged, this.#prepareOptions);
    } catch (error) {
      this.#report("prepare", error, logged.event);
      return null;
    }
  }

  async #close(limit: LoggerTimeLimit): Promise<LoggerFlushSummary> {
    const { clock } = this.#options;
    const timeoutMs = limit.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const endsAtMs = clock.monotonicMs() + timeoutMs;
    this.#plan.closing?.({ ...limit, timeoutMs });
    const summary = await this.flush(limit);
    this.#stopExitWatch?.();
    const left = [...this.#deliveryLoop.abandon(), ...this.#diverted];
    this.#diverted.clear();
    for (const item of left) {
      this.#endDropped(item, this.#deliveryLoop.giveUp(item) ? "unconfirmed" : "closed");
    }
    this.#hasClosed = true;
    this.#reportLost("closed");
    this.#reportLost("unconfirmed");
    const remainingMs = Math.max(1, endsAtMs - clock.monotonicMs());
    const deadline = startDeadline(clock, remainingMs, limit.signal);
    await Promise.race([this.#deliveryLoop.closeVendor(remainingMs), deadline.expired]);
    deadline.end();
    return summary;
  }

  /** Passes an item that does not fit into the buffer to the plan's `divert`. */
  #divertItem(item: Item<Message>): void {
    this.#diverted.add(item);
    const settle = (end: () => void): void => {
      if (this.#diverted.delete(item)) end();
    };
    const failed = (stage: LoggerErrorStage, error: unknown): void => {
      this.#end(item, "failed");
      this.#report(stage, error, item.event);
    };
    try {
      this.#plan.divert?.(item.message, {
        handOver: (call, onEnded) => handOver(item, this.#book.later, call, onEnded),
        delivered: () => settle(() => this.#end(item, "delivered")),
        failed: (error) => settle(() => failed("deliver", error)),
        // The buffer is still full.
        retry: () => settle(() => this.#endDropped(item, "overflow")),
        refused: (reason, error, isLasting = true) =>
          settle(() => this.#endDropped(item, reason, error, isLasting)),
      });
    } catch (error) {
      settle(() => failed("send", error));
    }
  }

  #end({ number, receipt }: Item<Message>, ending: Exclude<Ending, "dropped">): void {
    if (ending === "delivered") this.#ledger.deliver(number);
    else this.#ledger.drop(number, "failed");
    receipt?.settle(ending);
  }

  #endDropped(
    { event, number, receipt }: Item<Message>,
    reason: LoggerDropReason,
    error?: unknown,
    isLasting = false,
  ): void {
    this.#ledger.drop(number, reason);
    receipt?.settle("dropped", isLasting, reason);
    const { onError } = this.#options;
    if (error !== undefined && onError !== undefined) this.#report("deliver", error, event);
    else if (isLasting || !receipt?.isRepeated) this.#noteLost(reason, error);
  }

  #refuse(reason: LoggerDropReason, receipt: Receipt | null, isLasting = false): void {
    this.#ledger.refuse(reason);
    receipt?.settle("dropped", isLasting, reason);
    if (isLasting || !receipt?.isRepeated) this.#noteLost(reason);
  }

  /** @param error - why the service refused the event, if known. */
  #noteLost(reason: LoggerDropReason, error?: unknown): void {
    this.#lost.set(reason, (this.#lost.get(reason) ?? 0) + 1);
    // Events that `close` ends are reported together, once their number is known.
    const isByClose = reason === "closed" || reason === "unconfirmed";
    if (!isByClose || this.#hasClosed) this.#reportLost(reason, error);
  }

  /** Reports each reason at most once in ten minutes, with the number of events so far. */
  #reportLost(reason: LoggerDropReason, error?: unknown): void {
    const count = this.#lost.get(reason);
    if (count === undefined) return;
    const facts = { part: `${this.name} ${reason}`, reason, count };
    const { diagnostics } = this.#options;
    if (reason === "unconfirmed") diagnostics.warn("events may be lost", facts);
    else if (error === undefined) diagnostics.warn("events dropped", facts);
    else {
      const { httpStatus, reason: detail } = deliveryFailure(error, this.#deliveryLoop.url);
      diagnostics.warn("events dropped", { ...facts, httpStatus, detail });
    }
  }

  #report(
    stage: LoggerErrorStage,
    error: unknown,
    event: AssignmentEvent | BanditEvent | undefined,
  ): void {
    const { onError, diagnostics } = this.#options;
    const toDiagnostics = (problem: unknown, part: string): void => {
      const wrapped = new CallbackError("SORTITION_LOGGER", `${this.name} failed`, problem);
      const { code } = wrapped;
      const failed = this.#book.counts.failed;
      const facts = { ...deliveryFailure(problem, this.#deliveryLoop.url), code, part };
      diagnostics.error("logger failed", { ...facts, failed, error: wrapped });
    };
    if (onError === undefined) toDiagnostics(error, `${this.name} ${stage}`);
    else {
      guarded(
        () => onError(error, event === undefined ? { stage } : { stage, event }),
        (problem) => toDiagnostics(problem, `${this.name} onError`),
      );
    }
  }

  /** Called with the first event, so that an unused logger registers no listener. */
  #watchExit(): void {
    if (!this.#options.flushOnExit || this.#stopExitWatch !== undefined) return;
    this.#stopExitWatch = onHostIdle(() => void this.#flushAtExit());
  }

  /**
   * A logger that has delivered everything stays open, because another logger may be about to pass events on to it. The
   * first one starts another watch.
   */
  async #flushAtExit(): Promise<void> {
    this.#stopExitWatch = undefined;
    const { pending } = await this.flush({ timeoutMs: EXIT_TIMEOUT_MS });
    // Requests of the logger's own instance can be aborted, so a server that hangs does not delay the exit.
    if (pending > 0 && this.owned) await this.close({ timeoutMs: 1 });
  }
}
