import { Timer } from "@sortition/core/internal";
import type { Command } from "../connection/connection.js";
import type { FleetServices } from "../fleet-services.js";
import { pipelinesOf } from "../pipelines.js";
import type { DedupeSettings } from "./options.js";

/**
 * The keys that this process has claimed in Redis for exposures that it is logging. A claim lasts a short time, so if the
 * process dies, another process logs the exposure. It is renewed while the logger holds the exposure, confirmed when the
 * exposure is delivered, and deleted when it is lost.
 */
export class Claims {
  readonly #services: FleetServices;
  readonly #settings: DedupeSettings;
  readonly #held = new Set<string>();
  readonly #timer: Timer;
  #waiting: { readonly key: string; readonly command: Command }[] = [];
  readonly #writing = new Set<Promise<void>>();
  #hasEnded = false;

  constructor(services: FleetServices, settings: DedupeSettings) {
    this.#services = services;
    this.#settings = settings;
    this.#timer = new Timer(services.clock);
  }

  /** Renews a claim until {@link settle}. */
  hold(key: string): void {
    this.#held.add(key);
    if (!this.#timer.isSet) this.#renewLater();
  }

  /** @param isLogged - whether no process may log the exposure again for a while. */
  settle(key: string, isLogged: boolean): void {
    if (!this.#held.delete(key)) return;
    this.#write(key, isLogged ? ["SET", key, "1", "PX", this.#settings.ttlMs, "XX"] : ["DEL", key]);
  }

  /** Resolves when Redis has received all outcomes so far. */
  async written(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing);
  }

  /** Stops. The remaining claims expire. */
  end(): void {
    this.#hasEnded = true;
    this.#timer.cancel();
    this.#held.clear();
  }

  #renewLater(): void {
    const { claimMs } = this.#settings;
    if (this.#hasEnded) return;
    this.#timer.set(claimMs / 4, () => {
      for (const key of this.#held) this.#write(key, ["SET", key, "0", "PX", claimMs, "XX"]);
      if (this.#held.size > 0) this.#renewLater();
    });
  }

  /**
   * Commands of one turn are sent together at its end. This precedes the next claim of the same key, because a lost
   * exposure may be logged again immediately.
   */
  #write(key: string, command: Command): void {
    if (this.#waiting.push({ key, command }) > 1) return;
    const writing = Promise.resolve()
      .then(() => this.#writeAll())
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #writeAll(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const { batchSize } = this.#settings;
    const { isCluster } = this.#services;
    const batches = pipelinesOf(waiting, ({ key }) => key, { batchSize, isCluster });
    // If this fails, the claims expire, and other processes may log the exposures again.
    const sent = batches.map((batch) =>
      this.#services.link.pipeline(batch.map(({ command }) => command)),
    );
    await Promise.allSettled(sent);
  }
}
