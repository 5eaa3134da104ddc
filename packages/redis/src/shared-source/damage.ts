import type { Reader } from "./reader.js";
import type { Tick } from "./replies.js";
import type { WorkerPorts, WorkerState } from "./worker-state.js";

/**
 * Looks into reports that the stored parts are damaged. The leader never reads what it wrote itself: a newcomer tells it
 * by a message and by a report in Redis, of which either is enough. Once per interval, so that no worker can make the
 * leader read all the time.
 */
export class Damage {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #reader: Reader;
  readonly #onDamaged: () => void;
  #isVerifying = false;
  #verifiedAtMs = Number.NEGATIVE_INFINITY;
  #isHinted = false;
  /** The report that was looked into last. */
  #verifiedReport = "";

  /** @param onDamaged - called when the stored parts are to be repaired: the next poll does it. */
  constructor(ports: WorkerPorts, state: WorkerState, reader: Reader, onDamaged: () => void) {
    this.#ports = ports;
    this.#state = state;
    this.#reader = reader;
    this.#onDamaged = onDamaged;
  }

  /** A message to the leader said that what is stored is damaged. */
  hint(): void {
    this.#isHinted = true;
  }

  /** Verifies what is stored if it was said to be damaged. Called by the leader. */
  review({ damage, revision }: Tick): void {
    const isReported = damage !== this.#verifiedReport && damage.startsWith(`${revision}@`);
    if (!isReported && !this.#isHinted) return;
    const { clock, settings } = this.#ports;
    const nowMs = clock.monotonicMs();
    if (this.#isVerifying || nowMs - this.#verifiedAtMs < settings.pollIntervalMs) return;
    this.#verifiedAtMs = nowMs;
    this.#verifiedReport = damage;
    this.#isHinted = false;
    void this.#verify();
  }

  async #verify(): Promise<void> {
    this.#isVerifying = true;
    const isGood = await this.#reader.verify();
    this.#isVerifying = false;
    if (isGood !== false || this.#state.isStopped) return;
    this.#state.mustRepair = true;
    this.#onDamaged();
  }
}
