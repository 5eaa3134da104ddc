import type { Command, FleetServices } from "../fleet-services.js";
import type { InnerLogger } from "../inner-logger.js";
import { pipelinesOf } from "../pipelines.js";
import { Timer } from "../timer.js";
import type { DedupeSettings } from "./options.js";

/** Maximum wait of a confirmation. With a shorter one, a buffering logger would be flushed too often. */
const MAX_WAIT_MS = 5_000;
/** Maximum number of waiting confirmations, as a multiple of `maxPending`. */
const MAX_WAITING = 10;

/**
 * Confirms in Redis which exposures were logged. Until then, an exposure is only claimed for a
 * short time, so if this process dies, another process logs it. While the logger buffers an
 * exposure, its claim is renewed.
 */
export class Confirmations {
  readonly #services: FleetServices;
  readonly #inner: InnerLogger;
  readonly #settings: DedupeSettings;
  #keys: string[] = [];
  readonly #timer: Timer;
  #running: Promise<boolean> = Promise.resolve(true);
  #hasEnded = false;

  constructor(services: FleetServices, inner: InnerLogger, settings: DedupeSettings) {
    this.#services = services;
    this.#inner = inner;
    this.#settings = settings;
    this.#timer = new Timer(services.clock);
  }

  /** Adds an exposure that the logger accepted. May be called after {@link end}. */
  add(key: string): void {
    // Without a confirmation, the claim expires, and another process may log the exposure again.
    if (this.#keys.length >= MAX_WAITING * this.#settings.maxPending) return;
    this.#keys.push(key);
    this.#schedule();
  }

  /**
   * Flushes the logger, and confirms what it delivered. Resolves to false if the logger has not
   * delivered everything.
   */
  run(timeoutMs: number): Promise<boolean> {
    this.#timer.cancel();
    // Flushes are sequential, because a logger may ignore a flush while another one runs.
    this.#running = this.#running.then(() => this.#confirm(timeoutMs));
    return this.#running;
  }

  /** Stops the timer. Claims that are not confirmed expire. */
  end(): void {
    this.#hasEnded = true;
    this.#timer.cancel();
    this.#keys = [];
  }

  #schedule(): void {
    if (this.#timer.isSet) return;
    const { claimMs, flushMs } = this.#settings;
    // This is often enough to renew claims in time.
    const waitMs = this.#inner.buffers ? Math.min(MAX_WAIT_MS, claimMs / 4) : flushMs;
    this.#timer.set(waitMs, () => void this.run(claimMs / 4));
  }

  async #confirm(timeoutMs: number): Promise<boolean> {
    const keys = this.#keys;
    this.#keys = [];
    const isDelivered = await this.#inner.flush(timeoutMs);
    const { ttlMs, claimMs, batchSize } = this.#settings;
    const tail = isDelivered ? ["1", "PX", ttlMs, "XX"] : ["0", "PX", claimMs, "XX"];
    const { isCluster } = this.#services;
    for (const batch of pipelinesOf(keys, (key) => key, { batchSize, isCluster })) {
      const commands = batch.map((key): Command => ["SET", key, ...tail]);
      // If this fails, the claims expire, and other processes may log the exposures again.
      await this.#services.pipeline(commands).catch(() => []);
    }
    if (!isDelivered && !this.#hasEnded) for (const key of keys) this.add(key);
    return isDelivered;
  }
}
