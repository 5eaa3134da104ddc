import { loadError } from "../../configuration/load.js";
import { requireConfiguration } from "../../configuration/require-configuration.js";
import type { ConfigurationSource } from "../../configuration/source.js";
import { ClosedError, type SortitionError, TimeoutError } from "../../errors/errors.js";
import type { Exposures } from "../../events/exposures.js";
import { endExposures, type FlushResult, flushExposures } from "../../events/flush.js";
import type { Configuration } from "../../model/configuration.js";
import { canSetTimers } from "../../runtime/clock.js";
import { type Deadline, startDeadline } from "../../runtime/deadline.js";
import { type AbortSignalLike, endsWorkWithRequests } from "../../runtime/host.js";
import { isoTime } from "../../runtime/iso-time.js";
import type { EmptyClient } from "../evaluation/mistake-texts.js";
import type { Mistakes } from "../evaluation/mistakes.js";
import { ConfigurationLoader, type ConfigurationLoaderOptions } from "./configuration-loader.js";
import type { ConfigurationStore } from "./configuration-store.js";
import type { ReadyResult } from "./ready-result.js";
import { requireSameDialect } from "./same-dialect.js";
import type { ClientStatus } from "./status.js";
import { StatusTracker } from "./status-tracker.js";
import { NO_WEB_COUNTERS, type WebCounters } from "./web-counters.js";

const NO_BACKGROUND =
  "the source stops with the request that started it, because nothing runs in the background on this host; use edgeClient from @sortition/edge";

/** Outcome of `refresh`. */
export interface RefreshResult {
  readonly outcome: "updated" | "unchanged" | "failed" | "timeout" | "closed";
  readonly error?: SortitionError;
  readonly elapsedMs: number;
}

/** Parts of a client other than its evaluator. */
export interface LifecycleOptions extends ConfigurationLoaderOptions {
  readonly source: ConfigurationSource | null;
  readonly initialConfiguration: Configuration | null;
  readonly exposures: Exposures;
  readonly mistakes: Mistakes;
}

/** Assembles the parts of a client and shuts them down on `close`. */
export class Lifecycle {
  readonly store: ConfigurationStore;
  readonly #options: LifecycleOptions;
  readonly #tracker: StatusTracker;
  readonly #loader: ConfigurationLoader;
  readonly #refreshes = new Set<Deadline>();
  #closing: Promise<FlushResult> | null = null;
  #web: WebCounters | null = null;

  constructor(options: LifecycleOptions) {
    this.#options = options;
    this.#tracker = new StatusTracker(options);
    this.store = this.#tracker.store;
    this.#loader = new ConfigurationLoader(options, this.#tracker);
    if (canSetTimers(options.clock)) this.#start();
    else this.store.postpone(() => this.#start());
  }

  get isClosed(): boolean {
    return this.#tracker.isClosed;
  }

  get status(): ClientStatus {
    const { configuration, source } = this.store;
    const { ageMs, attempts, state } = this.#tracker;
    const publishedAtMs = configuration?.publishedAtMs ?? null;
    const stream = this.#options.source?.stream;
    return Object.freeze({
      state,
      source,
      revision: configuration?.revision ?? null,
      ageMs: configuration === null ? null : ageMs,
      publishedAt: publishedAtMs === null ? null : isoTime(publishedAtMs),
      environment: configuration?.environment ?? null,
      dialect: this.#options.dialect.name,
      issues: Object.freeze(configuration?.issueCount ?? { found: 0, complete: true }),
      ...attempts,
      disk: this.#options.source?.disk ?? "off",
      stream: stream === undefined ? null : Object.freeze({ ...stream }),
      counters: Object.freeze({
        exposures: this.#options.exposures.counters,
        evaluations: this.#options.mistakes.counters,
        ...(this.#web === null ? {} : { web: this.#web }),
      }),
    });
  }

  /** Adds one to a counter of `@sortition/web`. */
  countWeb(counter: keyof WebCounters): void {
    const web = this.#web ?? NO_WEB_COUNTERS;
    this.#web = Object.freeze({ ...web, [counter]: web[counter] + 1 });
  }

  /** Facts that explain why there is no configuration. */
  get emptyClient(): EmptyClient {
    return { ...this.#tracker.emptyClient, hasSource: this.#options.source !== null };
  }

  waitForReady(timeoutMs: number, signal: AbortSignalLike | undefined): Promise<ReadyResult> {
    this.store.catchUp();
    return this.#tracker.waitForReady(timeoutMs, signal);
  }

  /**
   * Serves the caller's configuration. The next poll replaces it.
   *
   * @throws OptionError if it is not a configuration, or belongs to another dialect than the client. Also any error
   * from its dialect, before anything has changed.
   */
  setConfiguration(configuration: Configuration): void {
    if (this.refuseClosed("setConfiguration")) return;
    requireConfiguration("configuration", configuration ?? null);
    requireSameDialect("configuration", configuration.dialect, this.#options.dialect);
    this.store.catchUp();
    this.#loader.install(configuration, "manual", 0);
  }

  async refresh(timeoutMs: number, holdsProcess?: boolean): Promise<RefreshResult> {
    const { clock, source } = this.#options;
    const startedAtMs = clock.monotonicMs();
    const result = (outcome: RefreshResult["outcome"], error?: SortitionError): RefreshResult => ({
      outcome,
      ...(error === undefined ? {} : { error }),
      elapsedMs: clock.monotonicMs() - startedAtMs,
    });
    const closed = (): RefreshResult => result("closed", new ClosedError());
    if (this.refuseClosed("refresh")) return closed();
    if (source === null) return result("unchanged");
    this.store.catchUp();
    const deadline = startDeadline(clock, timeoutMs, undefined, holdsProcess);
    this.#refreshes.add(deadline);
    try {
      const refreshing = source.refresh({ signal: deadline.signal });
      const outcome = await Promise.race([refreshing, deadline.expired]);
      if (this.isClosed) return closed();
      if (outcome && outcome.outcome !== "failed") return result(outcome.outcome);
      // If the deadline has passed, a source that stops when it is aborted has failed because of the deadline.
      return outcome && !deadline.signal.aborted
        ? result("failed", outcome.error)
        : result("timeout", new TimeoutError("request", timeoutMs));
    } catch (cause) {
      return result("failed", loadError(cause));
    } finally {
      this.#refreshes.delete(deadline);
      deadline.end();
    }
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

  /** Counts and reports a call that is ignored because the client is closed. */
  refuseClosed(call: string): boolean {
    if (this.isClosed) this.#options.diagnostics.warn("call after close", { call });
    return this.isClosed;
  }

  /**
   * Serves the initial configuration and starts the source. While an isolate loads the program, its clock stands at 0
   * and nothing can be started. So both are done (the first again) when a request first calls the client.
   */
  #start(): void {
    if (this.isClosed) return;
    const { clock, diagnostics, initialConfiguration: initial, source } = this.#options;
    const isRunning = canSetTimers(clock);
    const { configuration, source: servedFrom } = this.store;
    const isMissing = configuration === null || (isRunning && servedFrom === "initial");
    if (initial !== null && isMissing) this.#loader.install(initial, "initial", 0);
    if (!isRunning) this.store.postpone(() => this.#start());
    else if (source !== null) {
      if (source.intervalMs !== null && endsWorkWithRequests()) {
        diagnostics.warn(NO_BACKGROUND, { source: source.kind });
      }
      this.#loader.subscribe(source);
    }
  }

  async #close(timeoutMs: number): Promise<FlushResult> {
    const { clock, diagnostics, exposures, listeners } = this.#options;
    this.#tracker.close();
    exposures.close();
    const deadline = startDeadline(clock, timeoutMs);
    const farewell = this.#loader.end(deadline.signal).catch(() => {});
    for (const refresh of this.#refreshes) refresh.expire();
    // A browser may report what a page shows to another process.
    const kept = this.#web === null ? exposures.neverShown : 0;
    if (kept > 0) {
      const message = `exposures lost: ${kept} kept back (exposures: "on-show") and never shown; call flags.exposed(flagKey) where the flag is shown`;
      diagnostics.warn(message, { cause: "exposures never shown", kept });
    }
    const result = await endExposures(exposures, deadline, diagnostics);
    await Promise.race([farewell, deadline.expired]);
    deadline.end();
    diagnostics.info("closed", { timedOut: result.timedOut });
    listeners.emit("closed", result);
    listeners.clear();
    return result;
  }
}
