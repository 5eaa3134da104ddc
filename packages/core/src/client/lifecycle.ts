import { loadConfiguration } from "../configuration/load.js";
import type { Failure } from "../configuration/origin.js";
import type {
  ConfigurationSource,
  OfferResult,
  Prepared,
  RefreshOutcome,
  SourceSink,
  Subscription,
} from "../configuration/source.js";
import {
  ClosedError,
  HttpStatusError,
  type SortitionError,
  TimeoutError,
} from "../errors/errors.js";
import type { Exposures } from "../events/exposures.js";
import type { Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { Clock } from "../runtime/clock.js";
import { type Deadline, startDeadline } from "../runtime/deadline.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { hostDigest } from "../runtime/digest.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { Random } from "../runtime/random.js";
import { closeLoggers, type FlushResult, flushExposures } from "./flush.js";
import { Health } from "./health.js";
import { Inspection } from "./inspection.js";
import type { Listeners } from "./listeners.js";
import { type ReadyResult, ReadyWaits } from "./ready-waits.js";
import { Serving } from "./serving.js";
import type { ClientStatus, StatusSource } from "./status.js";

/** What `refresh` came to. */
export interface RefreshResult {
  readonly outcome: "updated" | "unchanged" | "failed" | "timeout" | "closed";
  readonly error?: SortitionError;
  readonly elapsedMs: number;
}

/** What a client is made of, beside its evaluator. */
export interface LifecycleOptions {
  readonly dialect: Dialect;
  readonly source: ConfigurationSource | null;
  readonly initialConfiguration: Configuration | null;
  readonly readyTimeoutMs: number;
  readonly staleAfterMs: number | null;
  readonly exposures: Exposures;
  readonly listeners: Listeners;
  readonly clock: Clock;
  readonly random: Random;
  readonly diagnostics: Diagnostics;
}

/** From construction to `close`: takes configurations in, and knows how things stand. */
export class Lifecycle {
  readonly serving: Serving;
  readonly #options: LifecycleOptions;
  readonly #health: Health;
  readonly #waits: ReadyWaits;
  readonly #inspection: Inspection;
  readonly #refreshes = new Set<Deadline>();
  #subscription: Subscription | null = null;
  /** Whether what is served came by hand, so that its etags say nothing about the origin. */
  #isManual = false;
  /** Whether the source looks only when it is asked to. */
  #isIdle = false;
  #wasStale = false;
  #hasBeenReady = false;
  #readyEndsAtMs = 0;
  #cancelReadyTimer = (): void => {};
  #cancelStaleTimer = (): void => {};
  #closing: Promise<FlushResult> | null = null;

  constructor(options: LifecycleOptions) {
    const { clock, diagnostics, initialConfiguration, listeners, source } = options;
    this.#options = options;
    this.serving = new Serving(listeners, diagnostics);
    this.#inspection = new Inspection(clock, diagnostics);
    this.#health = new Health(clock, options.staleAfterMs);
    this.#waits = new ReadyWaits({
      clock,
      health: this.#health,
      canFetch: () => source !== null && !this.#isIdle,
      served: () => {
        const { configuration, source: from } = this.serving;
        return configuration && from && { source: from, configuration };
      },
    });
    if (initialConfiguration !== null) this.#install(initialConfiguration, "initial");
    if (source !== null) this.#start(source);
  }

  get isClosed(): boolean {
    return this.#health.isClosed;
  }

  get status(): ClientStatus {
    const { configuration, source } = this.serving;
    const health = this.#health;
    const publishedAtMs = configuration?.publishedAtMs ?? null;
    return Object.freeze({
      state: health.state,
      source,
      revision: configuration?.revision ?? null,
      ageMs: configuration === null ? null : health.ageMs,
      publishedAt: publishedAtMs === null ? null : new Date(publishedAtMs).toISOString(),
      environment: configuration?.environment ?? null,
      dialect: this.#options.dialect.name,
      issues: Object.freeze(configuration?.issueCount ?? { found: 0, complete: true }),
      lastError: health.lastError,
      lastSuccessAt: health.lastSuccessAt,
      consecutiveFailures: health.failures,
      nextAttemptInMs: health.nextAttemptInMs,
      disk: this.#options.source?.disk ?? "off",
      counters: Object.freeze({ exposures: this.#options.exposures.counters }),
    });
  }

  waitForReady(timeoutMs: number, signal: AbortSignalLike | undefined): Promise<ReadyResult> {
    return this.#waits.wait(timeoutMs, signal);
  }

  /** Installs a configuration by hand; the next poll replaces it. */
  setConfiguration(configuration: Configuration): void {
    if (this.refuseClosed("setConfiguration")) return;
    this.#isManual = true;
    this.#install(configuration, "manual");
  }

  async refresh(timeoutMs: number): Promise<RefreshResult> {
    const { clock, source } = this.#options;
    const startedAtMs = clock.monotonicMs();
    const result = (outcome: RefreshResult["outcome"], error?: SortitionError): RefreshResult => ({
      outcome,
      ...(error === undefined ? {} : { error }),
      elapsedMs: clock.monotonicMs() - startedAtMs,
    });
    if (this.refuseClosed("refresh")) return result("closed", new ClosedError());
    if (source === null) return result("unchanged");
    const deadline = startDeadline(clock, timeoutMs);
    this.#refreshes.add(deadline);
    let outcome: RefreshOutcome | null;
    try {
      outcome = await Promise.race([
        source.refresh({ signal: deadline.signal }),
        deadline.expired.then(() => null),
      ]);
    } finally {
      this.#refreshes.delete(deadline);
      deadline.end();
    }
    if (this.isClosed) return result("closed", new ClosedError());
    if (outcome === null) return result("timeout", new TimeoutError("request", timeoutMs));
    return outcome.outcome === "failed" ? result("failed", outcome.error) : result(outcome.outcome);
  }

  async flush(timeoutMs: number, signal?: AbortSignalLike): Promise<FlushResult> {
    const { clock, diagnostics, exposures } = this.#options;
    const deadline = startDeadline(clock, timeoutMs, signal);
    try {
      return await flushExposures(exposures, deadline, diagnostics);
    } finally {
      deadline.end();
    }
  }

  close(timeoutMs: number): Promise<FlushResult> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  /** Counts and reports a call that a closed client ignores. */
  refuseClosed(call: string): boolean {
    if (this.isClosed) this.#options.diagnostics.warn("call after close", { call });
    return this.isClosed;
  }

  async #close(timeoutMs: number): Promise<FlushResult> {
    const { clock, diagnostics, exposures, listeners } = this.#options;
    this.#health.isClosed = true;
    exposures.close();
    this.#cancelReadyTimer();
    this.#cancelStaleTimer();
    this.#inspection.stop();
    const deadline = startDeadline(clock, timeoutMs);
    const farewell = this.#subscription?.end({ signal: deadline.signal });
    this.#waits.review();
    for (const refresh of this.#refreshes) refresh.expire();
    const result = await flushExposures(exposures, deadline, diagnostics);
    exposures.abandon();
    await closeLoggers(exposures, deadline, diagnostics);
    await Promise.race([farewell?.catch(() => {}), deadline.expired]);
    deadline.end();
    diagnostics.info("closed", { timedOut: result.timedOut });
    listeners.emit("closed", result);
    listeners.clear();
    return result;
  }

  #start(source: ConfigurationSource): void {
    const { clock, diagnostics, dialect, random, readyTimeoutMs } = this.#options;
    if (this.serving.configuration === null) {
      this.#readyEndsAtMs = clock.monotonicMs() + readyTimeoutMs;
      this.#cancelReadyTimer = clock.setTimer(() => this.#endReadyWait(), readyTimeoutMs, {
        holdsProcess: false,
      });
    }
    const context = {
      dialect,
      clock,
      random,
      digest: hostDigest,
      diagnostics,
      current: () => (this.#isManual ? null : (this.serving.configuration?.payloads ?? null)),
    };
    this.#subscription = source.subscribe(this.#createSink(source), context);
  }

  #createSink(source: ConfigurationSource): SourceSink {
    const prepare = async (payloads: PayloadSet): Promise<Prepared> => {
      if (this.isClosed) return { outcome: "rejected", error: new ClosedError() };
      const { clock, dialect } = this.#options;
      const former = this.serving.configuration;
      const loaded = await loadConfiguration(dialect, payloads, former, hostDigest, clock);
      if (loaded.outcome === "changed") {
        await this.serving.compareAhead(loaded.configuration, clock);
      }
      if (this.isClosed) return { outcome: "rejected", error: new ClosedError() };
      if (loaded.outcome === "rejected") return loaded;
      if (loaded.outcome === "unchanged") {
        // What they are equal to was replaced in the meantime.
        if (this.serving.configuration !== former) return prepare(payloads);
        if (!isFromDisk(payloads)) this.#confirm();
        return { outcome: "unchanged" };
      }
      const { configuration } = loaded;
      if (isFromDisk(payloads)) {
        if (!this.#isBetter(configuration)) return { outcome: "unchanged" };
        return { outcome: "changed", apply: () => this.#installUnconfirmed(configuration) };
      }
      // A part that was kept from a former set says nothing about where this one came from.
      const from = payloads.find((payload) => payload.from !== "disk")?.from ?? "static";
      const apply = (): void => {
        if (this.isClosed) return;
        this.#isManual = false;
        this.#install(configuration, source.kind === "static" ? "static" : from);
      };
      return { outcome: "changed", apply };
    };
    return {
      prepare,
      offer: async (payloads): Promise<OfferResult> => {
        const prepared = await prepare(payloads);
        if (prepared.outcome !== "changed") return prepared;
        prepared.apply();
        return { outcome: "applied" };
      },
      confirmed: () => this.#confirm(),
      failed: (failure, { inMs }) => this.#fail(failure, inMs),
      scheduled: ({ inMs }) => this.#health.scheduled(inMs),
      idle: () => {
        this.#isIdle = true;
        this.#cancelReadyTimer();
        this.#waits.review();
      },
    };
  }

  /** Whether a copy from disk is worth serving: what is there may be newer, and counts for more. */
  #isBetter({ publishedAtMs }: Configuration): boolean {
    const { configuration: served, source } = this.serving;
    if (served === null) return true;
    if (source !== "initial" || publishedAtMs === null || served.publishedAtMs === null)
      return false;
    return publishedAtMs > served.publishedAtMs;
  }

  #installUnconfirmed(configuration: Configuration): void {
    // Asked again, since time has passed: something may have been set by hand.
    if (this.isClosed || !this.#isBetter(configuration)) return;
    this.#health.hasConfiguration = true;
    this.#health.isUnconfirmed = true;
    this.#cancelStaleTimer();
    this.serving.swap(configuration, "disk");
    this.#inspection.start(configuration);
    this.#becomeReady();
    // A listener may have set another one, or closed the client.
    if (this.#health.state !== "stale") return;
    this.#wasStale = true;
    this.#options.listeners.emit("stale", { ageMs: null, source: "disk" });
  }

  #install(configuration: Configuration, source: StatusSource): void {
    this.#noteSuccess();
    this.#health.hasConfiguration = true;
    this.serving.swap(configuration, source);
    if (!this.isClosed) this.#inspection.start(configuration);
    this.#becomeFresh();
  }

  #confirm(): void {
    if (this.isClosed) return;
    this.#isManual = false;
    this.#noteSuccess();
    this.#becomeFresh();
  }

  #noteSuccess(): void {
    const outage = this.#health.succeeded();
    if (outage !== null) this.#options.diagnostics.info("refresh recovered", outage);
    this.#armStaleTimer();
  }

  /** Tells what the success that was just noted means for the state. */
  #becomeFresh(): void {
    const { source } = this.serving;
    const wasStale = this.#wasStale;
    this.#wasStale = false;
    this.#becomeReady();
    if (!wasStale || source === null || this.isClosed) return;
    this.#options.listeners.emit("fresh", { ageMs: this.#health.ageMs ?? 0, source });
  }

  /** Tells it the first time that there is a configuration. */
  #becomeReady(): void {
    const { configuration, source } = this.serving;
    if (configuration === null || source === null) return;
    if (this.isClosed) return; // by a listener, just now
    if (!this.#hasBeenReady) {
      this.#hasBeenReady = true;
      this.#cancelReadyTimer();
      const { listeners, diagnostics } = this.#options;
      diagnostics.info("ready", { source });
      if (listeners.has("ready")) {
        listeners.emit("ready", { source, revision: configuration.revision });
      }
    }
    this.#waits.review();
  }

  #armStaleTimer(): void {
    this.#cancelStaleTimer();
    const { staleInMs } = this.#health;
    if (staleInMs === null) return;
    const becomeStale = (): void => {
      // A timer may fire early, by a rounded millisecond or because it cannot wait for longer.
      if ((this.#health.staleInMs ?? 0) > 0) {
        this.#armStaleTimer();
        return;
      }
      this.#wasStale = true;
      const event = { ageMs: this.#health.ageMs ?? 0, source: this.serving.source ?? "network" };
      this.#options.diagnostics.warn("stale", event);
      this.#options.listeners.emit("stale", event);
    };
    this.#cancelStaleTimer = this.#options.clock.setTimer(becomeStale, staleInMs, {
      holdsProcess: false,
    });
  }

  #endReadyWait(): void {
    const health = this.#health;
    this.#cancelReadyTimer();
    health.hasReadyWaitEnded = true;
    const isKnown = health.failure !== null && health.failure.kind !== "transient";
    if (isKnown) return;
    const error = health.failure?.error ?? new TimeoutError("ready", this.#options.readyTimeoutMs);
    this.#options.diagnostics.error("not ready", factsOf(error));
    if (health.isNewCause("not ready")) this.#emitError(error);
  }

  #fail(failure: Failure, nextInMs: number | null): void {
    if (this.isClosed) return;
    const { error, kind } = failure;
    const { diagnostics } = this.#options;
    const isNew = this.#health.failed(failure, nextInMs);
    const facts = {
      ...factsOf(error),
      failures: this.#health.failures,
      nextAttemptInMs: nextInMs,
    };
    if (kind !== "transient") {
      // Once: what was refused stays refused, and is probed for as long as the process lives.
      const message = kind === "unauthorized" ? "key rejected" : "refresh failed";
      if (isNew) diagnostics.error(message, facts);
    } else if (error.code === "SORTITION_DECODE") diagnostics.warn("configuration rejected", facts);
    else diagnostics.warn("refresh failed", facts);
    if (isNew) this.#emitError(error);
    if (this.#isTooLate(failure, nextInMs)) this.#endReadyWait();
    this.#waits.review();
  }

  /** Whether the server wants to be left alone for longer than anybody waits for a configuration. */
  #isTooLate({ retryAfterMs }: Failure, nextInMs: number | null): boolean {
    const { hasConfiguration, hasReadyWaitEnded } = this.#health;
    if (hasConfiguration || hasReadyWaitEnded || retryAfterMs === null) return false;
    return this.#options.clock.monotonicMs() + (nextInMs ?? 0) > this.#readyEndsAtMs;
  }

  #emitError(error: SortitionError): void {
    const { state, nextAttemptInMs } = this.#health;
    this.#options.listeners.emit("error", { error, state, nextAttemptInMs });
  }
}

function isFromDisk(payloads: PayloadSet): boolean {
  return payloads.every(({ from }) => from === "disk");
}

function factsOf(error: SortitionError): Record<string, unknown> {
  return {
    code: error.code,
    reason: error.message,
    ...(error instanceof HttpStatusError ? { httpStatus: error.httpStatus } : {}),
  };
}
