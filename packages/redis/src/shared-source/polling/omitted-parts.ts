import { Timer } from "../../timer.js";
import type { WorkerPorts, WorkerState } from "../worker-state.js";
import type { Poller } from "./poller.js";

/**
 * Parts that are too large to be stored. A worker that lacks one makes an attempt of its own, at most one per
 * interval, and keeps its own copy until then.
 */
export class OmittedParts {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #poller: Poller;
  readonly #timer: Timer;

  constructor(ports: WorkerPorts, state: WorkerState, poller: Poller) {
    this.#ports = ports;
    this.#state = state;
    this.#poller = poller;
    this.#timer = new Timer(ports.clock);
  }

  /** Plans an attempt if a part is missing. */
  review(): void {
    const { random, settings } = this.#ports;
    if (this.#missing.size === 0) this.#timer.cancel();
    else if (!this.#timer.isSet) this.#plan(random() * settings.pollIntervalMs);
  }

  stop(): void {
    this.#timer.cancel();
  }

  /** Names and hashes of the parts that the clients lack. */
  get #missing(): ReadonlyMap<string, string> {
    const { content, omitted, role } = this.#state;
    // The leader has what it published.
    if (content === null || role === "leader") return new Map();
    return new Map([...omitted].filter(([name, hash]) => content.hashes.get(name) !== hash));
  }

  #plan(delayMs: number): void {
    this.#timer.set(delayMs, () => void this.#attempt());
  }

  async #attempt(): Promise<void> {
    await this.#poller.takeOmitted(this.#missing);
    // The origin may be further on than the fleet: once more after an interval, or at the next revision.
    if (!this.#state.isStopped && this.#missing.size > 0) {
      this.#plan(this.#ports.settings.pollIntervalMs);
    }
  }
}
