import { momentAgo, msSince, Timer } from "@sortition/core/internal";
import type { RedisError } from "../errors/redis-error.js";
import { redisError } from "../errors/reply-error.js";
import type { Want } from "./protocol.js";
import type { Tick } from "./replies.js";
import type { WorkerPorts, WorkerState } from "./worker-state.js";

export interface HeartbeatHooks {
  want(): Want;
  isEligible(): boolean;
  /** Redis responded. `isPlain`: to plain reads, because it refuses scripts. */
  ticked(tick: Tick, isPlain: boolean): void;
  /** Redis did not respond, or its response is unusable. */
  failed(error: RedisError): void;
  /** Returns the delay until the next tick. */
  delayMs(): number;
}

/** Errors after which plain reads may still work. */
const READABLE: readonly RedisError["code"][] = [
  "SORTITION_REDIS_READONLY",
  "SORTITION_REDIS_OOM",
  "SORTITION_REDIS_DENIED",
  "SORTITION_REDIS_SCRIPTING",
  "SORTITION_REDIS_CLUSTER",
];

/** Reads the shared state repeatedly, without waiting for fetches or reads of the configuration. */
export class Heartbeat {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #hooks: HeartbeatHooks;
  #beating: Promise<void> | null = null;
  #isWantedAgain = false;
  readonly #timer: Timer;
  #nextAtMs = Number.POSITIVE_INFINITY;

  constructor(ports: WorkerPorts, state: WorkerState, hooks: HeartbeatHooks) {
    this.#ports = ports;
    this.#state = state;
    this.#hooks = hooks;
    this.#timer = new Timer(ports.clock);
  }

  /** Ticks within `delayMs`, or sooner if an earlier tick is already planned. */
  within(delayMs: number): void {
    const atMs = this.#ports.clock.monotonicMs() + delayMs;
    if (atMs < this.#nextAtMs) this.#arm(delayMs);
  }

  /** Ticks now, or after a running tick, which may have started before the reason for this one. */
  beat(): Promise<void> {
    if (this.#state.isStopped) return Promise.resolve();
    if (this.#beating !== null) {
      this.#isWantedAgain = true;
      return this.#beating.then(() => this.#beating ?? Promise.resolve());
    }
    this.#disarm();
    this.#beating = this.#beat().finally(() => {
      this.#beating = null;
      if (this.#state.isStopped) return;
      const isWanted = this.#isWantedAgain;
      this.#isWantedAgain = false;
      if (isWanted) void this.beat();
      else this.within(this.#hooks.delayMs());
    });
    return this.#beating;
  }

  stop(): void {
    this.#disarm();
  }

  async #beat(): Promise<void> {
    const { clock, counters, protocol } = this.#ports;
    const { link } = protocol;
    const sentAt = momentAgo(clock);
    if (!link.isReady) {
      // Until the first attempt ends, we only know that it is slow.
      this.#hooks.failed(this.#state.redisError ?? link.unanswered);
      return;
    }
    counters.ticks += 1;
    try {
      const want = this.#hooks.want();
      const isEligible = this.#hooks.isEligible();
      const { contentFence, known } = this.#state;
      const tick = await protocol.tick({ isEligible, known, contentFence, want });
      if (this.#state.isStopped) return;
      this.#state.lastReplyMs = msSince(sentAt, clock);
      this.#hooks.ticked(tick, false);
    } catch (cause) {
      if (!this.#state.isStopped) await this.#fail(redisError(cause));
    }
  }

  async #fail(error: RedisError): Promise<void> {
    const { clock, protocol } = this.#ports;
    this.#state.noteRedisError(error);
    const sentAt = momentAgo(clock);
    const tick = READABLE.includes(error.code) ? await protocol.peek().catch(() => null) : null;
    if (this.#state.isStopped) return;
    this.#state.lastReplyMs = msSince(sentAt, clock);
    if (tick === null) this.#hooks.failed(error);
    else this.#hooks.ticked(tick, true);
  }

  #arm(delayMs: number): void {
    this.#nextAtMs = this.#ports.clock.monotonicMs() + delayMs;
    this.#timer.set(delayMs, () => void this.beat());
  }

  #disarm(): void {
    this.#timer.cancel();
    this.#nextAtMs = Number.POSITIVE_INFINITY;
  }
}
