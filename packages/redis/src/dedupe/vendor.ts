import { isThenable, type LoggedEvent, type Settle, type Vendor } from "@sortition/core/internal";
import type { Command, CommandOutcome } from "../connection/connection.js";
import type { DedupeCounters, FleetServices } from "../fleet-services.js";
import type { InnerLogger } from "../inner-logger.js";
import { OutageReports } from "../outage-reports.js";
import { pipelinesOf } from "../pipelines.js";
import type { Claims } from "./claims.js";
import type { DedupeSettings } from "./options.js";

/** An exposure and its key in Redis. */
export interface Exposure {
  readonly logged: LoggedEvent;
  readonly key: string;
}

interface Asked {
  readonly exposure: Exposure;
  readonly settle: Settle;
}

export interface DedupeParts {
  readonly services: FleetServices;
  readonly inner: InnerLogger;
  readonly settings: DedupeSettings;
  readonly claims: Claims;
  count(name: keyof DedupeCounters): void;
  /** Called when the logger is closed. */
  end(timeoutMs: number): Promise<void>;
}

/** After a failure, exposures are logged without asking Redis for this long. */
const PAUSE_MS = 1_000;
const REPORT_EVERY_MS = 60_000;

/**
 * Asks Redis whether another process has logged each exposure, and passes the others to the logger.
 * If Redis does not respond, the exposure is logged, because a duplicate can be removed later but a
 * loss cannot be repaired.
 */
export class DedupeVendor implements Vendor<Exposure> {
  readonly #parts: DedupeParts;
  readonly #outages: OutageReports;
  #waiting: Asked[] = [];
  /** The batches that Redis was asked about, and functions that end the wait for its reply. */
  readonly #asking = new Map<Promise<void>, () => void>();
  #hasStopped = false;
  /** Number of exposures passed on because the queue was full, whose promise is pending. */
  #diverted = 0;
  #fullReportedMs = Number.NEGATIVE_INFINITY;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  readonly #abandoned = new WeakSet<Exposure>();
  /** Exposures that were passed on, until the promise of the logger settles. */
  readonly #passing = new Set<Exposure>();

  constructor(parts: DedupeParts) {
    this.#parts = parts;
    this.#outages = new OutageReports(parts.services, {
      begun: "exposures logged without dedupe",
      ended: "exposures deduplicated again",
    });
  }

  send(exposure: Exposure, settle: Settle): void {
    this.#waiting.push({ exposure, settle });
    // Exposures that are sent in the same turn share one batch.
    if (this.#waiting.length === 1) void Promise.resolve().then(() => this.#askAll());
  }

  /**
   * Passes an exposure on without asking Redis, because the queue is full. It is retried
   * later if the logger cannot keep up.
   */
  divert(exposure: Exposure, settle: Settle): void {
    if (this.#diverted >= this.#parts.settings.maxPending) {
      settle.retry(FAILED);
      return;
    }
    this.#diverted += 1;
    this.#parts.count("unasked");
    this.#reportFull();
    this.#handOver(exposure, settle, false, () => {
      this.#diverted -= 1;
    });
  }

  /** From now on, passes exposures on without asking Redis, including those it was asked about. */
  stopAsking(): void {
    this.#hasStopped = true;
    for (const stop of this.#asking.values()) stop();
  }

  async flush(): Promise<void> {
    await Promise.all(this.#asking.keys());
  }

  abandon(exposure: Exposure): boolean {
    this.#abandoned.add(exposure);
    return this.#passing.has(exposure);
  }

  close(timeoutMs: number): Promise<void> {
    return this.#parts.end(timeoutMs);
  }

  #askAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const { services, settings } = this.#parts;
    const limits = { batchSize: settings.batchSize, isCluster: services.isCluster };
    for (const batch of pipelinesOf(waiting, ({ exposure }) => exposure.key, limits)) {
      let stop = (): void => {};
      const stopped = new Promise<readonly CommandOutcome[]>((resolve) => {
        stop = () => resolve([]);
      });
      const asking = this.#ask(batch, stopped).finally(() => this.#asking.delete(asking));
      this.#asking.set(asking, stop);
    }
  }

  async #ask(batch: readonly Asked[], stopped: Promise<readonly CommandOutcome[]>): Promise<void> {
    const outcomes = await Promise.race([this.#claim(batch), stopped]);
    const { count } = this.#parts;
    batch.forEach(({ exposure, settle }, i) => {
      const [error, reply] = outcomes[i] ?? [FAILED, null];
      if (error !== null) {
        count("unasked");
        this.#handOver(exposure, settle, false);
      } else {
        count("asked");
        if (reply !== null) this.#handOver(exposure, settle, true);
        else {
          count("suppressed");
          settle.delivered();
        }
      }
    });
  }

  async #claim(batch: readonly Asked[]): Promise<readonly CommandOutcome[]> {
    const { services, settings } = this.#parts;
    const { clock } = services;
    if (this.#hasStopped || clock.monotonicMs() < this.#pausedUntilMs) return [];
    const commands = batch.map(
      ({ exposure }): Command => ["SET", exposure.key, "0", "PX", settings.claimMs, "NX"],
    );
    try {
      await services.link.settled();
      const outcomes = await services.link.pipeline(commands);
      this.#outages.note(outcomes[0]?.[0] ?? null);
      return outcomes;
    } catch (error) {
      this.#pausedUntilMs = clock.monotonicMs() + PAUSE_MS;
      this.#outages.note(error);
      return [];
    }
  }

  /** Reports a full queue, but not each time. */
  #reportFull(): void {
    const { clock, diagnostics } = this.#parts.services;
    const isReported = clock.monotonicMs() < this.#fullReportedMs + REPORT_EVERY_MS;
    if (isReported) return;
    this.#fullReportedMs = clock.monotonicMs();
    diagnostics.warn("exposure queue full", { part: this.#parts.settings.name });
  }

  #handOver(
    exposure: Exposure,
    settle: Settle,
    isClaimed: boolean,
    onEnd: () => void = () => {},
  ): void {
    const { claims, inner } = this.#parts;
    const { key, logged } = exposure;
    if (isClaimed) claims.hold(key);
    const end = (): void => {
      this.#passing.delete(exposure);
      onEnd();
    };
    const taken = (): void => {
      end();
      settle.delivered();
    };
    const failed = (error: unknown): void => {
      end();
      settle.failed(error);
    };
    if (this.#abandoned.has(exposure)) {
      claims.settle(key, false);
      end();
      return;
    }
    this.#passing.add(exposure);
    try {
      const result = settle.handOver(
        () => inner.log(logged),
        (ending, isLasting) => claims.settle(key, ending === "delivered" || isLasting === true),
      );
      if (isThenable(result)) void Promise.resolve(result).then(taken, failed);
      else taken();
    } catch (error) {
      failed(error);
    }
  }
}

const FAILED = new Error("redis did not answer");
