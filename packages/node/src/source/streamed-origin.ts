import {
  type AbortSignalLike,
  areSamePayloads,
  type ConfigurationOrigin,
  draw,
  errorFacts,
  type Failure,
  type FetchResult,
  type FollowListener,
  OptionError,
  type PayloadSet,
  ProtocolError,
  reportOutage,
  SortitionError,
  type SourceContext,
} from "@sortition/core/internal";
import { thrownFailure } from "../http/failure.js";
import type { StreamEvent } from "../http/stream/event-parser.js";
import { closedFailure } from "./refresh.js";
import { type EventOutcome, type StreamCounts, StreamKeeper } from "./stream-keeper.js";
import type { StreamNews, StreamPlan } from "./stream-plan.js";

const LOST = "stream lost, polling";
/** Time from the loss of a stream to a request, unless the stream is back. Most are back sooner. */
const GIVE_UP_MS = 3_000;
/** Random addition, because a server that restarts ends the streams of all clients. */
const GIVE_UP_SPREAD_MS = 3_000;

/** Counters over all runs. */
interface Counts extends StreamCounts {
  events: number;
  bytes: number;
}

/**
 * Adds a stream to an origin of requests. While the stream is followed and up, `fetchOnce` returns
 * the stream's payloads without a request. Otherwise it requests from the origin. A result is never
 * older than the one before: it was not received earlier, and its request did not begin earlier.
 *
 * @see docs/spec/lifecycle.md §1.7
 */
export function streamedOrigin(origin: ConfigurationOrigin, plan: StreamPlan): ConfigurationOrigin {
  const counts: Counts = { opened: 0, lost: 0, events: 0, bytes: 0 };
  let run: StreamRun | null = null;
  return {
    dialect: origin.dialect,
    requestTimeoutMs: origin.requestTimeoutMs,

    get lateHint() {
      return origin.lateHint;
    },

    get scope() {
      return origin.scope;
    },

    get stream() {
      return { isUp: run?.isUp ?? false, ...counts };
    },

    fetchOnce(current, options) {
      return (run ?? origin).fetchOnce(current, options);
    },

    follow(listener, ports) {
      if (run !== null) {
        const error = new OptionError(
          "origin",
          "its stream is already in use: create one origin for each source",
        );
        const failure: Failure = { kind: "rejected", error, retryAfterMs: null };
        ports.diagnostics.warn(LOST, errorFacts(failure.error));
        listener.down(failure);
        return () => {};
      }
      const own = new StreamRun({ origin, plan, listener, ports, counts });
      run = own;
      own.start();
      return () => {
        own.end();
        if (run === own) run = null;
      };
    },

    release() {
      origin.release?.();
    },
  };
}

interface StreamRunParts {
  readonly origin: ConfigurationOrigin;
  readonly plan: StreamPlan;
  readonly listener: FollowListener;
  readonly ports: Pick<SourceContext, "clock" | "random" | "diagnostics">;
  readonly counts: Counts;
}

/** State while an origin is followed: the stream, and the newest set. */
class StreamRun {
  readonly #parts: StreamRunParts;
  readonly #keeper: StreamKeeper;
  /** The latest set, from the stream or from a request. */
  #newest: PayloadSet | null = null;
  /** The last set returned to an attempt. */
  #offered: PayloadSet | null = null;
  /**
   * Number of sets received from the stream. A request that began at a lower number has an outdated
   * result.
   */
  #received = 0;
  /** Whether the newest set came from the stream and has not been returned to an attempt yet. */
  #isUndelivered = false;
  /**
   * Number of times that a request became necessary. `#answered` is that number at the start of the
   * last answered request.
   */
  #asked = 0;
  #answered = 0;
  #lastEventId = "";
  /**
   * Whether part of the held data came from a request, so that no connection may resume from an
   * event.
   */
  #hasRequested = false;
  /** Number of attempts that are completing a set. */
  #completing = 0;
  /** Callbacks, each of which ends the wait of an attempt for the stream. */
  #waiting = new Set<() => void>();
  /** Whether the first attempts no longer have to wait for the stream. */
  #hasBegun: boolean;
  /** The stream's outage, or `null`. `isReported`: the report of its start was not suppressed. */
  #outage: { readonly sinceMs: number; readonly isReported: boolean } | null = null;
  /** Whether the stream has delivered changes since its last outage. */
  #hasBeenUp = false;
  /** Number of requests that were answered completely. */
  #requested = 0;
  #cancelGiveUp: () => void = () => {};
  #isReportedGarbage = false;
  #hasEnded = false;

  constructor(parts: StreamRunParts) {
    const { clock, random } = parts.ports;
    this.#parts = parts;
    this.#hasBegun = parts.plan.startsWith === "fetch";
    this.#keeper = new StreamKeeper(
      parts.plan,
      {
        clock,
        random,
        lastEventId: () => (this.#hasRequested ? "" : this.#lastEventId),
        event: (event) => this.#receive(event),
        alive: () => this.#noteBack(),
        up: (after) => this.#up(after),
        down: (failure) => this.#down(failure),
      },
      parts.counts,
    );
  }

  get isUp(): boolean {
    return this.#keeper.isUp;
  }

  start(): void {
    if (this.#parts.plan.startsWith !== "stream") return;
    const isOpening = this.#keeper.begin();
    if (!isOpening) this.#begin();
  }

  end(): void {
    this.#hasEnded = true;
    this.#cancelGiveUp();
    this.#keeper.close();
    this.#begin();
  }

  async fetchOnce(
    current: PayloadSet | null,
    { signal }: { readonly signal: AbortSignalLike },
  ): Promise<FetchResult> {
    if (!this.#hasBegun) await this.#untilBegun(signal);
    // The caller no longer waits.
    if (signal.aborted) return { kind: "failed", failure: closedFailure() };
    // The stream is no longer followed, but its caller continues.
    if (this.#hasEnded) return this.#parts.origin.fetchOnce(current, { signal });
    const isSettled = this.#keeper.isUp && this.#asked === this.#answered;
    // Serve the stream's set first, because the request may fail.
    const isFree = this.#isUndelivered || (isSettled && !this.#isRefusedBy(current));
    return isFree && this.#newest !== null
      ? this.#deliver(current, signal)
      : this.#request(current, signal);
  }

  /**
   * Whether the caller does not hold the newest set although it was returned to it: its dialect
   * rejected the set, or has just received it.
   */
  #isRefusedBy(current: PayloadSet | null): boolean {
    const newest = this.#newest;
    if (newest === null || this.#offered !== newest) return false;
    const isKnown = (name: string): boolean => newest.some(({ part }) => part === name);
    const known = current?.filter(({ part }) => isKnown(part)) ?? [];
    return !areSamePayloads(known, newest);
  }

  #deliver(current: PayloadSet | null, signal: AbortSignalLike): Promise<FetchResult> {
    this.#isUndelivered = false;
    if (this.#asked !== this.#answered) this.#parts.listener.changed("fetch");
    // A set exists whenever an attempt is free or a request is outdated.
    return this.#complete(this.#newest as PayloadSet, current, signal);
  }

  async #complete(
    payloads: PayloadSet,
    current: PayloadSet | null,
    signal: AbortSignalLike,
  ): Promise<FetchResult> {
    const { complete } = this.#parts.plan;
    let result: FetchResult = { kind: "payloads", payloads };
    if (complete !== undefined) {
      this.#completing += 1;
      result = await complete.call(this.#parts.plan, payloads, current, signal);
      this.#completing -= 1;
    } else if (current !== null && areSamePayloads(current, payloads)) {
      result = { kind: "unchanged" };
    }
    if (result.kind === "payloads" && result.failure === undefined) this.#offered = payloads;
    return result;
  }

  async #request(current: PayloadSet | null, signal: AbortSignalLike): Promise<FetchResult> {
    const received = this.#received;
    const asked = this.#asked;
    const result = await this.#parts.origin.fetchOnce(current, { signal });
    if (this.#hasEnded || signal.aborted) return result;
    const isOlder = received !== this.#received;
    if (!isOlder) this.#note(result, current, asked);
    this.#keeper.begin();
    return isOlder ? this.#deliver(current, signal) : result;
  }

  /** Records the result of a request if it is complete. */
  #note(result: FetchResult, current: PayloadSet | null, asked: number): void {
    if (result.kind === "failed" || (result.kind === "payloads" && result.failure)) return;
    this.#newest = result.kind === "payloads" ? result.payloads : current;
    this.#offered = this.#newest;
    this.#answered = asked;
    this.#hasRequested = true;
    this.#requested += 1;
  }

  #receive(event: StreamEvent): EventOutcome {
    const { counts, plan } = this.#parts;
    counts.events += 1;
    counts.bytes += event.bytes?.length ?? Buffer.byteLength(event.data);
    let news: StreamNews;
    try {
      news = plan.read(event, this.#newest);
    } catch (cause) {
      return this.#garbage(garbageFailure(cause, plan));
    }
    this.#lastEventId = event.lastEventId;
    if (news.kind === "payloads") this.#take(news);
    else if (news.kind === "fetch") this.#ask();
    return news.kind;
  }

  #take({ isWhole = false, payloads }: Extract<StreamNews, { kind: "payloads" }>): void {
    if (isWhole) {
      this.#answered = this.#asked;
      this.#hasRequested = false;
    }
    this.#newest = payloads;
    this.#received += 1;
    this.#isUndelivered = true;
    this.#isReportedGarbage = false;
    // Attempts that wait for the stream will return this set. Do not abort one that completes an
    // earlier set, because a steady stream of changes would then keep any from being served.
    if (this.#waiting.size === 0) {
      this.#parts.listener.changed(this.#completing > 0 ? "fetch" : "payloads");
    }
  }

  #garbage(failure: Failure): EventOutcome {
    // Another connection begins with everything, so it may well be usable.
    if (this.#parts.plan.onGarbage === "reopen")
      return { failure: { ...failure, kind: "transient" } };
    if (!this.#isReportedGarbage) {
      this.#isReportedGarbage = true;
      this.#parts.ports.diagnostics.warn("stream event unusable", errorFacts(failure.error));
    }
    this.#ask();
    return "fetch";
  }

  /** Handles a change that has to be requested, because of the server or an interruption. */
  #ask(): void {
    this.#asked += 1;
    this.#begin();
    this.#parts.listener.changed("fetch");
  }

  #up(after: "start" | "replacement" | "loss"): void {
    const { listener, plan } = this.#parts;
    this.#cancelGiveUp();
    this.#hasBeenUp = true;
    if (plan.startsWith === "stream") this.#noteBack();
    if (after !== "replacement") listener.up();
    this.#begin();
    if (plan.startsWith === "stream") return;
    // Request what changed while nothing was delivered. Between the first request and the first
    // connection this is only a moment, so the next attempt covers it.
    if (after === "start") this.#asked += 1;
    else this.#ask();
  }

  /** Reports the end of the outage. A connection that opens without delivering does not end it. */
  #noteBack(): void {
    const outage = this.#outage;
    if (outage === null || !this.#keeper.isUp) return;
    this.#outage = null;
    if (!outage.isReported) return;
    const { clock, diagnostics } = this.#parts.ports;
    const outageMs = Math.round(clock.monotonicMs() - outage.sinceMs);
    diagnostics.warn("stream is back", { outageMs });
  }

  #down(failure: Failure): void {
    const { listener, ports } = this.#parts;
    if (this.#outage === null) {
      const isReported = reportOutage(ports.diagnostics, "warn", LOST, errorFacts(failure.error));
      this.#outage = { sinceMs: ports.clock.monotonicMs(), isReported };
    }
    listener.down(failure);
    this.#begin();
    if (this.#hasBeenUp && !this.#hasEnded) this.#giveUpSoon();
  }

  /** Requests what has changed since the stream was lost, instead of waiting for the next interval. */
  #giveUpSoon(): void {
    const { clock, random } = this.#parts.ports;
    const requested = this.#requested;
    this.#hasBeenUp = false;
    const giveUp = (): void => {
      if (this.#requested === requested) this.#ask();
    };
    const delayMs = GIVE_UP_MS + GIVE_UP_SPREAD_MS * draw(random);
    this.#cancelGiveUp = clock.setTimer(giveUp, delayMs, { holdsProcess: false });
  }

  #untilBegun(signal: AbortSignalLike): Promise<void> {
    const { plan, ports } = this.#parts;
    return new Promise((resolve) => {
      let cancelTimer = (): void => {};
      const end = (): void => {
        cancelTimer();
        signal.removeEventListener("abort", end);
        this.#waiting.delete(end);
        resolve();
      };
      if (signal.aborted) return end();
      signal.addEventListener("abort", end);
      this.#waiting.add(end);
      if (plan.waitMs === undefined) return;
      const begin = (): void => this.#begin();
      cancelTimer = ports.clock.setTimer(begin, plan.waitMs, { holdsProcess: false });
    });
  }

  /**
   * Ends the wait for the first connection, because the stream is up, has failed or takes too long, or a change has to
   * be requested.
   */
  #begin(): void {
    this.#hasBegun = true;
    for (const end of [...this.#waiting]) end();
  }
}

/**
 * Returns the failure for an event that a parser rejected. The parser's own error may quote the
 * event, so it is replaced.
 */
function garbageFailure(cause: unknown, { server }: StreamPlan): Failure {
  const of = server === undefined ? "" : ` of ${server}`;
  const message = `an event of the stream${of} cannot be used`;
  return thrownFailure(SortitionError.is(cause) ? cause : new ProtocolError(message));
}
