import type { Command, FleetServices } from "../fleet-services.js";
import type { InnerLogger } from "../inner-logger.js";
import { pipelinesOf } from "../pipelines.js";
import { Timer } from "../timer.js";
import type { DedupeSettings } from "./options.js";

/** Confirmations wait at most this long, so that a logger that buffers is not flushed all the time. */
const MAX_WAIT_MS = 5_000;
/** Confirmations that wait, as a multiple of `maxPending`. */
const MAX_WAITING = 10;

/**
 * Tells Redis which exposures were logged. Until then an exposure is claimed for a short time only, so
 * that one whose process dies is logged by another. The claim of an exposure that the logger holds and
 * has not delivered is renewed.
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

  /** Notes an exposure that the logger took, perhaps after the end. */
  add(key: string): void {
    // The claim of one that is forgotten lapses: others may log it again.
    if (this.#keys.length >= MAX_WAITING * this.#settings.maxPending) return;
    this.#keys.push(key);
    this.#schedule();
  }

  /**
   * Flushes the logger, and confirms what it delivered. False: the logger has not delivered all of it.
   */
  run(timeoutMs: number): Promise<boolean> {
    this.#timer.cancel();
    // One after the other: a logger may ignore a flush while another one runs.
    this.#running = this.#running.then(() => this.#confirm(timeoutMs));
    return this.#running;
  }

  /** Ends the timer. Claims without a confirmation lapse. */
  end(): void {
    this.#hasEnded = true;
    this.#timer.cancel();
    this.#keys = [];
  }

  #schedule(): void {
    if (this.#timer.isSet) return;
    const { claimMs, flushMs } = this.#settings;
    // Often enough to renew claims in time.
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
      // If this fails, the claims lapse: others may log the exposures again.
      await this.#services.pipeline(commands).catch(() => []);
    }
    if (!isDelivered && !this.#hasEnded) for (const key of keys) this.add(key);
    return isDelivered;
  }
}
