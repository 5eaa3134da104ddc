import { Backoff, pause, within } from "@sortition/core/internal";
import type { FleetServices } from "../fleet-services.js";
import type { InnerLogger } from "../inner-logger.js";
import { OutageReports } from "../outage-reports.js";
import { Blame } from "./blame.js";
import type { Entry } from "./entry.js";
import { Handover } from "./handover.js";
import { HeldEntries } from "./held-entries.js";
import type { OutboxSettings } from "./options.js";
import type { Orphan } from "./orphans.js";
import { BATCH_SIZE, type OutboxStream } from "./stream.js";

/** Maximum time between two claims. */
const CLAIM_EVERY_MS = 15_000;
const ORPHANS_EVERY_MS = 60_000;
/** Limits of the wait for new entries. */
const MIN_WAIT_MS = 10;
const MAX_WAIT_MS = 2_000;
/** Pause after an error of Redis. */
const RETRY_MS = 500;

export interface ConsumerParts {
  readonly services: FleetServices;
  readonly stream: OutboxStream;
  readonly inner: InnerLogger;
  readonly settings: OutboxSettings;
  count(name: "delivered" | "redelivered" | "dead", by: number): void;
  /** Finds other outboxes whose exposures no process delivers. */
  findOrphans(): Promise<readonly Orphan[]>;
}

/**
 * Delivers the entries of an outbox to a logger, one batch at a time. New entries come first, then
 * entries that failed before. An entry is removed from the stream only after the logger has
 * accepted it. While the logger is down, this consumer claims nothing and waits longer and longer.
 * The stream fills up, which is the back-pressure.
 */
export class Consumer {
  readonly #parts: ConsumerParts;
  readonly #blame = new Blame();
  readonly #held: HeldEntries;
  readonly #handover: Handover;
  readonly #outages: OutageReports;
  readonly #backoff: Backoff;
  readonly #ended: Promise<void>;
  #claimDueMs = Number.NEGATIVE_INFINITY;
  #probes = 0;
  /** `null`: before the first claim. */
  #orphansDueMs: number | null = null;
  /** Names of the orphans that were reported. */
  readonly #reported = new Set<string>();
  readonly #stopping = new AbortController();
  #isReading = false;

  constructor(parts: ConsumerParts) {
    const { random } = parts.services;
    this.#parts = parts;
    this.#outages = new OutageReports(parts.services, {
      begun: "outbox unreachable",
      ended: "outbox reachable again",
      facts: { part: parts.settings.name },
    });
    this.#held = new HeldEntries(parts.stream);
    this.#handover = new Handover(parts, this.#blame, () => this.#held.tryAgain());
    this.#backoff = new Backoff(random);
    this.#ended = this.#run();
  }

  /** Whether the logger is down. */
  get isFailing(): boolean {
    return this.#blame.isDown;
  }

  /** Number of exposures that the logger itself dropped when it received them. */
  get dropped(): number {
    return this.#handover.dropped;
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Ends after the batch that is being delivered. */
  async stop(timeoutMs: number): Promise<void> {
    const { clock } = this.#parts.services;
    this.#stopping.abort();
    if (this.#isReading) this.#parts.stream.interrupt();
    await within({ clock, timeoutMs, holdsProcess: false }, () => this.#ended);
    this.#parts.stream.interrupt();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#handover.finish();
        await (this.#blame.isDown ? this.#probe() : this.#round());
        this.#outages.note(null);
      } catch (error) {
        if (this.#isStopped) break;
        this.#outages.note(error);
        // Without a group, a claim creates one.
        this.#claimDueMs = Number.NEGATIVE_INFINITY;
        // A lost reply may have contained entries.
        this.#held.tryAgain();
        await this.#pause(RETRY_MS);
      }
    }
    try {
      await this.#handover.finish();
      await this.#parts.stream.leave();
    } catch {
      // Other consumers claim the remaining entries.
    }
  }

  async #round(): Promise<void> {
    // Failures must not count against an entry until it is known whether the logger is down.
    if (!this.#blame.isOnLogger) await this.#claim();
    const isBusy = this.#held.hasMore || this.#blame.isOnLogger;
    const entries = await this.#read(BATCH_SIZE, isBusy ? 0 : this.#waitMs);
    await this.#handover.deliverNew(entries);
    if (!this.#blame.isCertain && this.#held.hasMore) await this.#deliverHeld();
    const isAll = entries.length === 0 && !this.#held.hasMore;
    if (!this.#blame.isOnLogger || !(isAll || this.#blame.isCertain)) return;
    this.#backoff.reset();
    await this.#handover.noteDown();
  }

  /** How long to wait for new entries: until the next claim is due. */
  get #waitMs(): number {
    const untilClaimMs = this.#claimDueMs - this.#parts.services.clock.monotonicMs();
    return Math.ceil(Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, untilClaimMs)));
  }

  async #claim(): Promise<void> {
    const { services, stream, settings } = this.#parts;
    const { clock, random } = services;
    if (clock.monotonicMs() < this.#claimDueMs) return;
    const { entryIds, refused, worn, hasMore } = await stream.claim();
    const everyMs = hasMore ? 0 : Math.min(CLAIM_EVERY_MS, settings.minIdleMs / 4);
    this.#claimDueMs = clock.monotonicMs() + everyMs * (0.8 + random() * 0.4);
    this.#blame.refused(refused);
    if (entryIds.length > 0) this.#held.tryAgain();
    if (worn.length > 0) await this.#handover.bury(worn);
    await this.#reportOrphans();
  }

  /** Reports each one once, because nothing would be delivered from it, in silence. */
  async #reportOrphans(): Promise<void> {
    const { services, settings } = this.#parts;
    const nowMs = services.clock.monotonicMs();
    // Not at the first claim, because other processes may start at the same time.
    const isDue = this.#orphansDueMs !== null && nowMs >= this.#orphansDueMs;
    this.#orphansDueMs ??= nowMs;
    if (!isDue) return;
    // Again, because the consumers of a process that has just ended still count.
    this.#orphansDueMs = nowMs + ORPHANS_EVERY_MS;
    // The user may lack a permission. Deliveries must not depend on it.
    const orphans = await this.#parts.findOrphans().catch(() => []);
    for (const { count, name } of orphans) {
      if (this.#reported.has(name)) continue;
      this.#reported.add(name);
      const command = `sortition redis move --namespace ${services.settings.namespace.name} --outbox ${name} --to-outbox ${settings.name}`;
      const facts = { outbox: name, count, command };
      services.diagnostics.warn("no process delivers an outbox", facts);
    }
  }

  async #read(count: number, waitMs: number): Promise<readonly Entry[]> {
    if (this.#isStopped) return [];
    this.#isReading = true;
    try {
      const entries = await this.#parts.stream.read(count, waitMs);
      this.#blame.counted(entries.map(({ entryId }) => entryId));
      return entries;
    } finally {
      this.#isReading = false;
    }
  }

  /** Delivers some of the entries that failed before or were claimed. */
  async #deliverHeld(): Promise<void> {
    const entries = await this.#handover.readable(await this.#held.next());
    if (entries.every(({ deliveries }) => deliveries === 0)) {
      await this.#handover.deliverAgain(entries);
      return;
    }
    for (const entry of entries) {
      if (this.#isStopped || this.#blame.isCertain) return;
      if ((await this.#handover.deliverAlone(entry)).hangs) return;
    }
  }

  /** Checks whether the logger works again, with some new entries and one that failed before. */
  async #probe(): Promise<void> {
    const pauseMs = this.#backoff.nextMs();
    const count = Math.min(BATCH_SIZE, Math.ceil(pauseMs / 1_000));
    // Redis may have lost the group in the meantime.
    if (this.#outages.isOn) await this.#claim();
    const entries = await this.#readAfter(pauseMs, count);
    if (this.#isStopped) return;
    await this.#handover.deliverNew(entries);
    if (this.#blame.isDown) await this.#probeHeld();
    if (this.#blame.isDown) await this.#handover.noteDown();
  }

  /**
   * Waits for a while. A new entry ends the wait, unless new entries have failed, because a new
   * entry is better evidence than an old one of whether the logger works.
   */
  async #readAfter(pauseMs: number, count: number): Promise<readonly Entry[]> {
    if (this.#blame.hasNewFailed) {
      await this.#pause(pauseMs);
      return this.#read(count, 0);
    }
    const { clock } = this.#parts.services;
    const endsAtMs = clock.monotonicMs() + pauseMs;
    let entries: readonly Entry[] = [];
    for (let restMs = pauseMs; restMs > 0 && entries.length === 0 && !this.#isStopped; ) {
      entries = await this.#read(count, Math.ceil(Math.min(MAX_WAIT_MS, restMs)));
      restMs = endsAtMs - clock.monotonicMs();
    }
    return entries;
  }

  async #probeHeld(): Promise<void> {
    const { entries } = await this.#parts.stream.held(null);
    const held = await this.#handover.readable(entries);
    // In turn, because the logger may be unable to accept one of them.
    const entry = held[this.#probes++ % Math.max(1, held.length)];
    if (entry !== undefined) await this.#handover.deliverAlone(entry);
  }

  #pause(delayMs: number): Promise<void> {
    const { signal } = this.#stopping;
    return pause(this.#parts.services.clock, delayMs, { signal, holdsProcess: false });
  }
}
