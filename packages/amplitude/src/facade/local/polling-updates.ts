import {
  type Clock,
  type FetchResult,
  messageOf,
  type PayloadSet,
  pause,
} from "@sortition/core/source";
import type { FacadeLog } from "../logging.js";
import type { Intake } from "./intake.js";
import type { UpdateSink, Updates } from "./updates.js";

/** Attempts of a start, and the pause between them. */
const START_ATTEMPTS = 5;
const START_PAUSE_MS = 1;

/** What {@link PollingUpdates} works with. */
export interface PollingParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly log: FacadeLog;
  readonly sink: Pick<UpdateSink, "confirmed">;
  readonly intake: Intake;
  /** Fetches flags, without cohorts. */
  fetchFlags(current: PayloadSet | null, signal: AbortSignal): Promise<FetchResult>;
  /** Ends what outlives the polls, such as connections. */
  release(): void;
}

/** Fetches flags at an interval. */
export class PollingUpdates implements Updates {
  readonly #parts: PollingParts;
  #run: AbortController | null = null;
  /** The start that is under way. */
  #starting: Promise<void> | null = null;
  /** The start or the poll that is under way. */
  #trying: Promise<void> | null = null;
  #cancelTimer: () => void = () => {};

  constructor(parts: PollingParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { intake, log } = this.#parts;
    if (this.#run !== null && intake.hasServed) return;
    if (this.#run === null) {
      log.debug("[Experiment] poller - start");
      this.#run = new AbortController();
    }
    const { signal } = this.#run;
    // A poll that is under way is the first attempt of a start.
    const poll = this.#trying;
    this.#starting ??= this.#try(signal, () => this.#firstLook(signal, poll));
    await this.#starting;
  }

  settled(): Promise<void> {
    return this.#parts.intake.settled();
  }

  stop(): void {
    if (this.#run === null) return;
    this.#parts.log.debug("[Experiment] poller - stop");
    this.#run.abort();
    this.#run = null;
    this.#starting = null;
    this.#trying = null;
    this.#cancelTimer();
    this.#parts.release();
  }

  /** Runs a look, or several, and then waits for the next. Settles at once when it is stopped. */
  async #try(signal: AbortSignal, look: () => Promise<void>): Promise<void> {
    this.#cancelTimer();
    const trying = look().catch((error) => {
      if (!signal.aborted) throw error;
    });
    this.#trying = trying;
    try {
      await trying;
    } finally {
      // A later evaluation may have flags, also if these could not be had.
      if (!signal.aborted && this.#trying === trying) {
        this.#starting = null;
        this.#trying = null;
        this.#arm(signal);
      }
    }
  }

  async #firstLook(signal: AbortSignal, poll: Promise<void> | null): Promise<void> {
    const { clock, log } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      try {
        await ((attempt === 1 ? poll : null) ?? this.#look(signal));
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        if (attempt === START_ATTEMPTS) {
          const what = "flag config initial poll failed, trying again at the next interval";
          log.error(`[Experiment] ${what}: ${messageOf(error)}`);
          throw error;
        }
      }
      await pause(clock, START_PAUSE_MS, { signal, holdsProcess: false });
    }
  }

  #arm(signal: AbortSignal): void {
    const { clock, intervalMs, log } = this.#parts;
    const poll = (): void => {
      log.debug("[Experiment] updating flag configs");
      this.#try(signal, () => this.#look(signal)).catch((error) => {
        log.debug("[Experiment] flag config update failed", messageOf(error));
      });
    };
    this.#cancelTimer = clock.setTimer(poll, intervalMs, { holdsProcess: false });
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { fetchFlags, intake, sink } = this.#parts;
    const held = intake.flags;
    const result = await fetchFlags(held === null ? null : [held], signal);
    signal.throwIfAborted();
    if (result.kind === "failed") throw result.failure.error;
    const [flags = held] = result.kind === "payloads" ? result.payloads : [];
    if (flags !== null) await intake.receive(flags);
    sink.confirmed();
  }
}
