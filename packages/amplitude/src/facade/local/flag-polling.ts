import {
  type Clock,
  ClosedError,
  type ConfigurationOrigin,
  type Failure,
  messageOf,
  retrying,
} from "@sortition/core/source";
import { Pacer } from "@sortition/node/transport";
import { intervalPace, START_TRIES } from "../../source/pace.js";
import type { FacadeLog } from "../logging.js";
import type { Intake } from "./intake.js";
import type { Feed } from "./updates.js";

/** What {@link FlagPolling} works with. */
export interface PollingParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly log: FacadeLog;
  readonly intake: Intake;
  /** Of flags, without cohorts. */
  readonly origin: ConfigurationOrigin;
}

/** Fetches flags at the vendor's pace. */
export class FlagPolling implements Feed {
  readonly #parts: PollingParts;
  readonly #pacer: Pacer;
  #isRunning = false;
  /** Whether a start waits for the attempt that is under way. */
  #isAwaited = false;

  constructor(parts: PollingParts) {
    const { clock, intake, intervalMs } = parts;
    this.#parts = parts;
    this.#pacer = new Pacer(() => intervalPace(intervalMs), {
      clock,
      random: Math.random,
      isLoaded: () => intake.isLoaded,
      attempt: (signal) => this.#attempt(signal),
      ended: (failure) => this.#end(failure),
    });
  }

  async start(): Promise<void> {
    const { intake, log } = this.#parts;
    if (this.#isRunning && intake.isLoaded) return;
    this.#isAwaited = true;
    if (!this.#isRunning) {
      log.debug("[Experiment] poller - start");
      this.#isRunning = true;
      this.#pacer.start("now");
    }
    const failure = await this.#pacer.now();
    // A start that is stopped does not fail.
    if (failure !== null && !(failure.error instanceof ClosedError)) throw failure.error;
  }

  stop(): void {
    if (!this.#isRunning) return;
    this.#parts.log.debug("[Experiment] poller - stop");
    this.#isRunning = false;
    this.#isAwaited = false;
    this.#pacer.stop();
    this.#parts.origin.release?.();
  }

  /** A poll, or the tries of a start. */
  async #attempt(signal: AbortSignal): Promise<null> {
    const { clock, log } = this.#parts;
    let isPoll = !this.#isAwaited;
    if (isPoll) log.debug("[Experiment] updating flag configs");
    const isRetryable = (error: unknown): boolean => {
      if (isPoll) log.debug("[Experiment] flag config update failed", messageOf(error));
      isPoll = false;
      return this.#isAwaited;
    };
    await retrying({ ...START_TRIES, clock, signal, isRetryable }, () => this.#look(signal));
    return null;
  }

  #end(failure: Failure | null): void {
    if (failure !== null && this.#isAwaited) {
      const what = "flag config initial poll failed, trying again at the next interval";
      this.#parts.log.error(`[Experiment] ${what}: ${failure.error.message}`);
    }
    this.#isAwaited = false;
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { intake, origin } = this.#parts;
    const held = intake.flags;
    const result = await origin.fetchOnce(held === null ? null : [held], { signal });
    signal.throwIfAborted();
    if (result.kind === "failed") throw result.failure.error;
    const [flags = held] = result.kind === "payloads" ? result.payloads : [];
    if (flags !== null) await intake.receive(flags);
  }
}
