import type { Facts } from "@sortition/core/kit";
import type { Tick } from "../replies.js";
import type { WorkerPorts, WorkerState } from "../worker-state.js";
import type { DirectReason } from "./direct-mode.js";

/** Finds out, while Redis answers, why this process has to poll by itself. */
export class DirectReasons {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  #leaderlessSinceMs: number | null = null;
  #isLeaderlessReported = false;
  #last: DirectReason | null = null;

  constructor(ports: WorkerPorts, state: WorkerState) {
    this.#ports = ports;
    this.#state = state;
  }

  /**
   * @param patienceMs - how long the lease may be free.
   * @returns `null` if the fleet serves it.
   */
  of(tick: Tick, patienceMs: number): DirectReason | null {
    const reason = this.#reasonOf(tick, patienceMs);
    if (reason === "overdue" && this.#last !== "overdue") {
      const { overdueMs } = tick;
      this.#ports.diagnostics.warn("nobody settles polls, polling directly", { overdueMs });
    }
    this.#last = reason;
    return reason;
  }

  #reasonOf(tick: Tick, patienceMs: number): DirectReason | null {
    const { content, unusableRevision } = this.#state;
    const { isHeld, outcome, overdueMs } = tick;
    const isLeaderless = this.#isLeaderless(tick, patienceMs);
    if (isHeld) return null;
    if (isLeaderless && (content === null || overdueMs === null)) return "no-eligible-worker";
    if (outcome === "too-large") return "too-large";
    if (content === null) return unusableRevision === null ? null : "payload-unusable";
    // Not the age of the configuration counts, but whether a worker polls: the shared back-off makes every
    // configuration old.
    const isOverdue = overdueMs !== null && overdueMs > this.#ports.settings.overdueAfterMs;
    return isOverdue ? "overdue" : null;
  }

  /** Whether the lease has been free for a while. */
  #isLeaderless({ isHeld, leader }: Tick, patienceMs: number): boolean {
    const { clock, diagnostics, settings } = this.#ports;
    const nowMs = clock.monotonicMs();
    if (isHeld || leader !== "") {
      this.#leaderlessSinceMs = null;
      this.#isLeaderlessReported = false;
      return false;
    }
    this.#leaderlessSinceMs ??= nowMs;
    const isLong = nowMs - this.#leaderlessSinceMs >= Math.max(settings.leaseMs, patienceMs);
    if (isLong && !this.#isLeaderlessReported) {
      this.#isLeaderlessReported = true;
      const namespace = settings.namespace.name;
      diagnostics.warn("no eligible worker", { namespace, ...this.#refusal(nowMs) });
    }
    return isLong;
  }

  /** What Redis refused this worker since no worker leads, or shortly before: every worker may fail for that reason. */
  #refusal(nowMs: number): Facts {
    const { clock, settings } = this.#ports;
    const { lastError } = this.#state;
    const sinceMs = clock.now() - (nowMs - (this.#leaderlessSinceMs ?? nowMs)) - settings.leaseMs;
    if (lastError === null || lastError.atMs < sinceMs) return {};
    return { code: lastError.code, reason: lastError.message };
  }
}
