import { CallbackError } from "../errors/errors.js";
import { guarded } from "../errors/guard.js";
import type { AssignmentLogger } from "../events/logger.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { startDeadline } from "../runtime/deadline.js";
import { type AbortSignalLike, onHostIdle } from "../runtime/host.js";
import { DeliveryLoop, type Item } from "./delivery-loop.js";
import type { LoggedEvent } from "./event-id.js";
import { type Ending, FlushWindow, type LoggerFlushSummary } from "./flush-window.js";
import type { LoggerErrorStage, ResolvedLoggerOptions } from "./options.js";
import type { PlainEvent } from "./prepare.js";
import { type PreparedMessage, prepareEvent } from "./prepare.js";
import { RingBuffer } from "./ring-buffer.js";
import { Counters, type LoggerDropReason, type LoggerStats } from "./stats.js";
import type { VendorPlan } from "./vendor.js";

/** How long a flush or a close may take. */
export interface LoggerTimeLimit {
  /** 5 000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Ends it early. */
  readonly signal?: AbortSignalLike | undefined;
}

/** A logger that hands events to an analytics library, knows what became of them, and never throws. */
export interface BufferedLogger extends AssignmentLogger {
  readonly name: string;
  /** Whether it made the vendor's instance; then the client's `close` closes it. */
  readonly owned: boolean;
  logAssignment(event: AssignmentEvent): void;
  logBanditAction(event: BanditEvent): void;
  /** Delivers what was logged so far. Never rejects; calls at the same time share the work. */
  flush(limit?: LoggerTimeLimit): Promise<LoggerFlushSummary>;
  /**
   * Takes no more events, delivers what is there, and closes the vendor's instance if the logger made
   * it. What is not delivered in time is dropped. Never rejects; a second call gets the first one's promise.
   */
  close(limit?: LoggerTimeLimit): Promise<LoggerFlushSummary>;
  stats(): LoggerStats;
}

const DEFAULT_TIMEOUT_MS = 5_000;
/** How long the end of a process is put off. */
const EXIT_TIMEOUT_MS = 2_000;

/**
 * Makes a logger over a vendor's library.
 *
 * @param options - as checked by `resolveLoggerOptions`.
 * @param build - makes the vendor's message out of an event; may call the user's mapper.
 */
export function createBufferedLogger<Message>(
  plan: VendorPlan<Message>,
  options: ResolvedLoggerOptions,
  build: (event: PlainEvent) => Message | null,
): BufferedLogger {
  return new VendorLogger(plan, options, build);
}

class VendorLogger<Message> implements BufferedLogger {
  readonly name: string;
  readonly owned: boolean;
  readonly #options: ResolvedLoggerOptions;
  readonly #build: (event: PlainEvent) => Message | null;
  readonly #counters = new Counters();
  readonly #waiting: RingBuffer<Item<Message>>;
  readonly #windows = new Set<FlushWindow>();
  readonly #deliveryLoop: DeliveryLoop<Message>;
  #lastNumber = 0;
  #closing: Promise<LoggerFlushSummary> | undefined;
  #stopExitWatch: (() => void) | undefined;

  constructor(
    plan: VendorPlan<Message>,
    options: ResolvedLoggerOptions,
    build: (event: PlainEvent) => Message | null,
  ) {
    this.name = options.name;
    this.owned = plan.owned;
    this.#options = options;
    this.#build = build;
    this.#waiting = new RingBuffer(options.maxBuffered, options.overflow);
    this.#deliveryLoop = new DeliveryLoop(plan, this.#waiting, options, {
      ended: (item, ending) => this.#end(item, ending),
      report: (stage, error, item) => this.#report(stage, error, item?.event),
    });
  }

  logAssignment(event: AssignmentEvent): void {
    this.#take({ kind: "assignment", event });
  }

  logBanditAction(event: BanditEvent): void {
    this.#take({ kind: "bandit", event });
  }

  async flush(limit: LoggerTimeLimit = {}): Promise<LoggerFlushSummary> {
    const { clock } = this.#options;
    const window = new FlushWindow(this.#lastNumber, this.#unsettled);
    if (this.#unsettled === 0) return window.summary();
    const deadline = startDeadline(clock, limit.timeoutMs ?? DEFAULT_TIMEOUT_MS, limit.signal);
    this.#windows.add(window);
    try {
      this.#deliveryLoop.release(this.#lastNumber);
      const flushed = window.done.then(() => this.#deliveryLoop.flushed);
      await Promise.race([flushed, deadline.expired]);
      return window.summary();
    } finally {
      this.#windows.delete(window);
      if (this.#windows.size === 0) this.#deliveryLoop.relax();
      deadline.end();
    }
  }

  close(limit: LoggerTimeLimit = {}): Promise<LoggerFlushSummary> {
    this.#closing ??= this.#close(limit);
    return this.#closing;
  }

  stats(): LoggerStats {
    return this.#counters.snapshot(this.#waiting.size, this.#deliveryLoop.inFlight);
  }

  get #unsettled(): number {
    return this.#waiting.size + this.#deliveryLoop.inFlight;
  }

  #take(logged: LoggedEvent): void {
    this.#counters.accepted += 1;
    if (this.#closing !== undefined) {
      this.#drop("closed");
      return;
    }
    const prepared = this.#prepare(logged);
    if (prepared === null) return;
    if (prepared.kind === "dropped") {
      this.#drop(prepared.reason);
      return;
    }
    if (prepared.trimmed) this.#counters.trimmed += 1;
    this.#counters.removedMembers += prepared.removed;
    this.#lastNumber += 1;
    const item = { number: this.#lastNumber, message: prepared.message, event: logged.event };
    const evicted = this.#waiting.push(item);
    if (evicted !== undefined) this.#endDropped(evicted, "overflow");
    this.#watchExit();
    this.#deliveryLoop.schedule(this.#lastNumber);
  }

  /** Null: it failed, and that is counted and reported. */
  #prepare(logged: LoggedEvent): PreparedMessage<Message> | null {
    const { includeSubjectAttributes, maxEventBytes, clock } = this.#options;
    try {
      return prepareEvent(logged, {
        includeSubjectAttributes,
        maxEventBytes,
        nowMs: clock.now,
        build: this.#build,
      });
    } catch (error) {
      this.#counters.failed += 1;
      this.#report("prepare", error, logged.event);
      return null;
    }
  }

  async #close(limit: LoggerTimeLimit): Promise<LoggerFlushSummary> {
    const { clock } = this.#options;
    const timeoutMs = limit.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const endsAtMs = clock.monotonicMs() + timeoutMs;
    const summary = await this.flush(limit);
    this.#stopExitWatch?.();
    for (const item of this.#deliveryLoop.abandon()) this.#endDropped(item, "closed");
    const remainingMs = Math.max(1, endsAtMs - clock.monotonicMs());
    const deadline = startDeadline(clock, remainingMs, limit.signal);
    await Promise.race([this.#deliveryLoop.closeVendor(remainingMs), deadline.expired]);
    deadline.end();
    return summary;
  }

  #end(item: Item<Message>, ending: Ending): void {
    if (ending === "delivered") this.#counters.delivered += 1;
    else if (ending === "failed") this.#counters.failed += 1;
    for (const window of this.#windows) window.note(item.number, ending);
  }

  #endDropped(item: Item<Message>, reason: LoggerDropReason): void {
    this.#drop(reason);
    this.#end(item, "dropped");
  }

  #drop(reason: LoggerDropReason): void {
    this.#counters.droppedBy[reason] += 1;
    // Limited to one report in ten minutes for each reason; `stats` has the number.
    this.#options.diagnostics.warn("events dropped", { part: `${this.name} ${reason}`, reason });
  }

  #report(
    stage: LoggerErrorStage,
    error: unknown,
    event: AssignmentEvent | BanditEvent | undefined,
  ): void {
    const { onError, diagnostics } = this.#options;
    const tell = (problem: unknown, part: string): void => {
      const wrapped = new CallbackError("SORTITION_LOGGER", `${this.name} failed`, problem);
      diagnostics.error("logger failed", { code: wrapped.code, part, error: wrapped });
    };
    if (onError === undefined) tell(error, `${this.name} ${stage}`);
    else {
      guarded(
        () => onError(error, event === undefined ? { stage } : { stage, event }),
        (problem) => tell(problem, `${this.name} onError`),
      );
    }
  }

  /** With the first event: a logger that is never used leaves no trace in the process. */
  #watchExit(): void {
    if (!this.#options.flushOnExit || this.#stopExitWatch !== undefined) return;
    this.#stopExitWatch = onHostIdle(() => {
      const limit = { timeoutMs: EXIT_TIMEOUT_MS };
      // What it made itself it can also abort, so that a server that hangs does not delay the end.
      void (this.owned ? this.close(limit) : this.flush(limit));
    });
  }
}
