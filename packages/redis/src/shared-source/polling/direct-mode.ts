import { Timer } from "../../timer.js";
import type { WorkerPorts, WorkerState } from "../worker-state.js";
import { backoffMs } from "./outcomes.js";
import type { Poller } from "./poller.js";

/** Why a worker polls by itself. */
export type DirectReason =
  | "redis-unusable"
  | "overdue"
  | "too-large"
  | "out-of-memory"
  | "namespace-conflict"
  | "payload-unusable"
  | "no-eligible-worker";

/** Direct polls are an interval apart, and at most this share of it more. */
const SPREAD = 0.1;
/** The first poll of a process without a configuration is spread by at most this time. */
const MAX_EMPTY_SPREAD_MS = 500;
/**
 * The first poll after the leader could not store what it has is spread by this share of an interval: with the time until
 * the leader's poll, and a tick, a change arrives within two intervals.
 */
const UNSTORED_SPREAD = 0.5;

/** Polls of this process alone, at most one per interval, while the fleet cannot serve it. */
export class DirectMode {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #poller: Poller;
  #reason: DirectReason | null = null;
  #failures = 0;
  #lastAtMs: number | null = null;
  readonly #timer: Timer;

  constructor(ports: WorkerPorts, state: WorkerState, poller: Poller) {
    this.#ports = ports;
    this.#state = state;
    this.#poller = poller;
    this.#timer = new Timer(ports.clock);
  }

  get reason(): DirectReason | null {
    return this.#reason;
  }

  /** Begins direct polls, continues them for another reason, or ends them (`null`). */
  set(reason: DirectReason | null): void {
    const former = this.#reason;
    this.#reason = reason;
    if (reason === null) {
      this.#timer.cancel();
      this.#failures = 0;
    } else if (former === null) {
      this.#arm(this.#firstDelayMs());
    }
  }

  /** Makes a poll now, or joins the one that runs. */
  async poll(): Promise<Awaited<ReturnType<Poller["direct"]>>> {
    const { subscribers, clock, random, settings } = this.#ports;
    this.#timer.cancel();
    this.#lastAtMs = clock.monotonicMs();
    const result = await this.#poller.direct();
    if (this.#state.isStopped) return result;
    const { failure } = result;
    this.#failures = failure === null ? 0 : this.#failures + 1;
    const pauseMs =
      failure === null
        ? settings.pollIntervalMs
        : backoffMs(settings.pollIntervalMs, this.#failures - 1, failure.retryAfterMs);
    const inMs = Math.round(pauseMs * (1 + SPREAD * random()));
    if (failure !== null) subscribers.failed(failure, { inMs });
    if (this.#reason !== null) {
      this.#arm(inMs);
      if (failure === null) subscribers.scheduled(inMs);
    }
    return result;
  }

  stop(): void {
    this.#reason = null;
    this.#timer.cancel();
  }

  /** All workers notice at the same moment, so their first polls are spread: less for a worker without a configuration. */
  #firstDelayMs(): number {
    const { clock, random, settings } = this.#ports;
    const { pollIntervalMs } = settings;
    const sinceMs = this.#lastAtMs === null ? null : clock.monotonicMs() - this.#lastAtMs;
    const restMs = sinceMs === null ? 0 : Math.max(0, pollIntervalMs - sinceMs);
    const isServing = this.#state.ageMs !== null;
    const share = this.#reason === "out-of-memory" ? UNSTORED_SPREAD : 1;
    const spreadMs = isServing
      ? share * pollIntervalMs
      : Math.min(MAX_EMPTY_SPREAD_MS, pollIntervalMs);
    return Math.max(restMs, random() * spreadMs);
  }

  #arm(delayMs: number): void {
    this.#timer.set(delayMs, () => void this.poll());
  }
}
