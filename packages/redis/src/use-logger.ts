import {
  type BufferedLogger,
  type Clock,
  type LoggerFlushSummary,
  type LoggerStats,
  type LoggerTimeLimit,
  type ResolvedLoggerOptions,
  resolveLoggerOptions,
  type TimedOutcome,
  within,
} from "@sortition/core/internal";
import type { FleetServices } from "./fleet-services.js";

const DEFAULT_TIMEOUT_MS = 5_000;
/** High, because the wrapped logger has its own limit. */
const MAX_EVENT_BYTES = 1_000_000;

/** Work of a logger besides its queue. */
export interface UseWork<Stats> {
  /** Called after the queue's own flush. Resolves to false if something is not delivered. */
  flush?(timeoutMs: number): Promise<boolean>;
  /** Called at the end, possibly more than once. Ends everything. */
  end(timeoutMs: number): Promise<void>;
  /** Returns counters to add to the queue's own. */
  stats(): Stats;
}

/** A buffered logger of this package with additional counters. */
export interface UseLogger<Stats extends object> extends BufferedLogger {
  stats(): LoggerStats & Readonly<Stats>;
}

/** Returns the options of the queue of exposures in front of Redis. */
export function queueOptions(
  { clock, random, diagnostics }: FleetServices,
  { name, maxPending }: { readonly name: string; readonly maxPending: number },
): ResolvedLoggerOptions {
  const limits = { maxBuffered: maxPending, maxEventBytes: MAX_EVENT_BYTES };
  const options = { name, clock, random, diagnostics, ...limits };
  return resolveLoggerOptions(options, {}, { name, owned: true });
}

/** The logger of the queue of exposures in front of Redis and the work that belongs to it. */
export class QueueWithWork<Stats extends object> implements UseLogger<Stats> {
  readonly name: string;
  readonly owned = true;
  readonly pending: BufferedLogger["pending"];
  readonly #queue: BufferedLogger;
  readonly #work: UseWork<Stats>;
  readonly #clock: Clock;
  #closing: Promise<LoggerFlushSummary> | undefined;

  constructor(queue: BufferedLogger, clock: Clock, work: UseWork<Stats>) {
    this.name = queue.name;
    this.pending = queue.pending && { ...queue.pending, insteadOf: this.logAssignment };
    this.#queue = queue;
    this.#work = work;
    this.#clock = clock;
  }

  logAssignment(...event: Parameters<BufferedLogger["logAssignment"]>): void {
    this.#queue.logAssignment(...event);
  }

  logBanditAction(...event: Parameters<BufferedLogger["logBanditAction"]>): void {
    this.#queue.logBanditAction(...event);
  }

  async flush(limit: LoggerTimeLimit = {}): Promise<LoggerFlushSummary> {
    const remainingMs = this.#timer(limit);
    const summary = await this.#queue.flush(limit);
    const flushed = await this.#within(
      remainingMs(),
      limit,
      (ms) => this.#work.flush?.(ms) ?? true,
    );
    return flushed.kind === "done" && flushed.value
      ? summary
      : Object.freeze({ ...summary, ok: false });
  }

  close(limit: LoggerTimeLimit = {}): Promise<LoggerFlushSummary> {
    this.#closing ??= this.#close(limit);
    return this.#closing;
  }

  stats(): LoggerStats & Readonly<Stats> {
    return Object.freeze({ ...this.#queue.stats(), ...this.#work.stats() });
  }

  async #close(limit: LoggerTimeLimit): Promise<LoggerFlushSummary> {
    const remainingMs = this.#timer(limit);
    const summary = await this.#queue.close(limit);
    await this.#within(remainingMs(), limit, (ms) => this.#work.end(ms));
    return summary;
  }

  /** Keeps the process alive while it waits, because sockets to Redis do not. */
  #within<Value>(
    timeoutMs: number,
    { signal }: LoggerTimeLimit,
    work: (timeoutMs: number) => Value | Promise<Value>,
  ): Promise<TimedOutcome<Awaited<Value>>> {
    const limit = { clock: this.#clock, timeoutMs, holdsProcess: true, signal };
    return within(limit, () => work(timeoutMs));
  }

  #timer({ timeoutMs = DEFAULT_TIMEOUT_MS }: LoggerTimeLimit): () => number {
    const endsAtMs = this.#clock.monotonicMs() + timeoutMs;
    return () => Math.max(1, endsAtMs - this.#clock.monotonicMs());
  }
}
