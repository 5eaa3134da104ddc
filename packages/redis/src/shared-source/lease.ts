import type { StreamStatus } from "@sortition/core/kit";
import type { StreamWatch } from "./stream-watch.js";
import type { Role, WorkerPorts, WorkerState } from "./worker-state.js";

/** The lease of a fleet, as one worker has it. Its holder is the leader, which alone follows the origin's stream. */
export class Lease {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #stream: StreamWatch;
  /** Before this moment this worker does not take the lease. */
  #declinedUntilMs = 0;

  constructor(ports: WorkerPorts, state: WorkerState, stream: StreamWatch) {
    this.#ports = ports;
    this.#state = state;
    this.#stream = stream;
  }

  get isHeld(): boolean {
    return this.#state.role === "leader";
  }

  /** Whether this worker leaves the lease to others for the moment. */
  get isDeclined(): boolean {
    return this.#ports.clock.monotonicMs() < this.#declinedUntilMs;
  }

  /** The stream that this worker follows; absent unless it leads, and the origin has one. */
  get stream(): StreamStatus | undefined {
    return this.#stream.status;
  }

  /** A tick has found that this worker holds the lease of this number. */
  hold(n: string): void {
    const { counters, diagnostics, settings } = this.#ports;
    this.#state.noteKnown(Number(n));
    this.#state.fence = n;
    this.#stream.follow(n);
    if (this.isHeld) return;
    this.#state.role = "leader";
    counters.leaseAcquired += 1;
    diagnostics.info("became leader", { namespace: settings.namespace.name, fence: n });
  }

  /** This worker does not hold the lease, or may not use it. Nothing happens if it did not lead. */
  lose(): void {
    if (!this.isHeld) return;
    this.stepDown("follower");
    this.#ports.counters.leaseLost += 1;
    this.#ports.diagnostics.warn("lease lost");
  }

  /** Gives this worker a role other than that of the leader. */
  stepDown(role: Exclude<Role, "leader">): void {
    this.#state.role = role;
    this.#stream.close();
  }

  /** Leaves the lease to others for two intervals. */
  decline(): void {
    const { clock, settings } = this.#ports;
    this.#declinedUntilMs = clock.monotonicMs() + 2 * settings.pollIntervalMs;
  }

  /** Gives the lease back, and leaves it to others for a while. Never rejects. */
  async giveUp(): Promise<void> {
    this.decline();
    try {
      if ((await this.release()) && this.isHeld) this.stepDown("follower");
    } catch {
      // The lease runs out by itself.
    }
  }

  /** Gives the lease back. Resolves to whether this worker held it. */
  async release(): Promise<boolean> {
    const { diagnostics, protocol } = this.#ports;
    const isReleased = await protocol.release();
    if (isReleased) diagnostics.info("leader released");
    return isReleased;
  }
}
