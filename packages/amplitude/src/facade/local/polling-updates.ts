import {
  type Clock,
  type Failure,
  type FetchResult,
  messageOf,
  type PayloadSet,
} from "@sortition/core/source";
import { pause } from "../../origin/pause.js";
import type { FacadeLog } from "../logging.js";
import type { UpdateSink, Updates } from "./updates.js";

/** Attempts of a start, and the pause between them. */
const START_ATTEMPTS = 5;
const START_PAUSE_MS = 1;

type Fetch = (current: PayloadSet | null, signal: AbortSignal) => Promise<FetchResult>;

/** What {@link PollingUpdates} works with. */
export interface PollingParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly log: FacadeLog;
  readonly sink: UpdateSink;
  readonly fetchOnce: Fetch;
  /** Looks at the cohorts of the flags at hand. */
  readonly refreshCohorts: Fetch;
  /** Longest time between two looks at cohorts. */
  readonly cohortIntervalMs: number;
  /** Closes connections. */
  release(): void;
}

/** Fetches flags at an interval. */
export class PollingUpdates implements Updates {
  readonly #parts: PollingParts;
  #run: AbortController | null = null;
  #cancelTimer: () => void = () => {};

  constructor(parts: PollingParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    if (this.#run !== null) return;
    const run = new AbortController();
    this.#run = run;
    const { log } = this.#parts;
    log.debug("[Experiment] poller - start");
    try {
      await this.#firstLook(run.signal);
    } catch (error) {
      if (run.signal.aborted) return; // stopped: its caller wants no flags any more
      log.error("[Experiment] flag config initial poll failed, trying again at the next interval");
      throw error;
    } finally {
      // A later evaluation may have flags, also if these could not be had.
      if (!run.signal.aborted) this.#arm(run.signal);
    }
  }

  stop(): void {
    if (this.#run === null) return;
    this.#parts.log.debug("[Experiment] poller - stop");
    this.#run.abort();
    this.#run = null;
    this.#cancelTimer();
    this.#parts.release();
  }

  async #firstLook(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#look(signal);
        return;
      } catch (error) {
        if (attempt === START_ATTEMPTS || signal.aborted) throw error;
      }
      await pause(this.#parts.clock, START_PAUSE_MS, signal);
    }
  }

  /** A look at the flags is one at the cohorts, too. */
  #arm(signal: AbortSignal, flagsInMs: number = this.#parts.intervalMs): void {
    const { clock, cohortIntervalMs, log } = this.#parts;
    const leftMs = flagsInMs - cohortIntervalMs;
    const isForFlags = leftMs <= 0;
    const tick = async (): Promise<void> => {
      log.debug("[Experiment] updating flag configs");
      try {
        await this.#look(signal, isForFlags);
      } catch (error) {
        if (!signal.aborted) log.debug("[Experiment] flag config update failed", messageOf(error));
      }
      if (!signal.aborted) this.#arm(signal, isForFlags ? undefined : leftMs);
    };
    const delayMs = Math.min(flagsInMs, cohortIntervalMs);
    this.#cancelTimer = clock.setTimer(() => void tick(), delayMs, { holdsProcess: false });
  }

  async #look(signal: AbortSignal, isForFlags = true): Promise<void> {
    const { fetchOnce, log, refreshCohorts, sink } = this.#parts;
    const result = await (isForFlags ? fetchOnce : refreshCohorts)(sink.current, signal);
    signal.throwIfAborted();
    if (result.kind === "failed") throw result.failure.error;
    if (result.kind === "payloads") {
      reportWarnings(result.warnings ?? [], log);
      await sink.apply(result.payloads);
    }
    if (isForFlags) sink.confirmed();
  }
}

/** Reports cohorts that could not be downloaded. */
export function reportWarnings(warnings: readonly Failure[], log: FacadeLog): void {
  for (const { error, part = "" } of warnings) {
    log.error(`[Experiment] Cohort download failed ${part.replace(/^cohort:/, "")}`, error.message);
  }
}
