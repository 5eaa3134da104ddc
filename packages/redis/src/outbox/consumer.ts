import { Backoff, OutageReporter } from "@sortition/core/logger";
import { codeOf } from "../error-code.js";
import type { InnerLogger } from "../inner-logger.js";
import { withTimeLimit } from "../time-limit.js";
import type { OutboxCounters, UseHost } from "../use-host.js";
import { Delivery } from "./delivery.js";
import type { Entry } from "./entry.js";
import type { OutboxSettings } from "./options.js";
import { BATCH_SIZE, type OutboxStream } from "./stream.js";

/** Claims are this far apart at most. */
const CLAIM_EVERY_MS = 15_000;
const MAX_DELIVERY_MS = 10_000;
/** Limits of the wait for new entries. */
const MIN_WAIT_MS = 10;
const MAX_WAIT_MS = 2_000;
/** After an error of Redis. */
const RETRY_MS = 500;

/** What a {@link Consumer} works with. */
export interface ConsumerParts {
  readonly host: UseHost;
  readonly stream: OutboxStream;
  readonly inner: InnerLogger;
  readonly settings: OutboxSettings;
  count(name: keyof OutboxCounters, by: number): void;
}

/**
 * Delivers the entries of an outbox to a logger, one batch at a time. An entry is removed from the stream
 * only after the logger has accepted it. While the logger is down, nothing is claimed and the process waits
 * longer and longer: the stream fills up, which is the back-pressure.
 */
export class Consumer {
  readonly #parts: ConsumerParts;
  readonly #delivery: Delivery;
  readonly #backoff: Backoff;
  readonly #outages: OutageReporter;
  readonly #ended: Promise<void>;
  #claimDueMs = Number.NEGATIVE_INFINITY;
  /** Delivered, but Redis has not acknowledged their removal. */
  #unfinished: string[] = [];
  /** Delivered in vain since the logger last accepted something; taken back if it is down. */
  readonly #inVain: Entry[] = [];
  #probes = 0;
  #isStopped = false;
  #isReading = false;
  #isRedisFailing = false;
  #wake: () => void = () => {};

  constructor(parts: ConsumerParts) {
    const { host, inner, settings } = parts;
    const { clock, random, diagnostics } = host;
    this.#parts = parts;
    // Others claim what takes longer than `minIdleMs`.
    const timeoutMs = Math.min(MAX_DELIVERY_MS, settings.minIdleMs / 4);
    this.#delivery = new Delivery(inner, clock, timeoutMs);
    this.#backoff = new Backoff(random);
    this.#outages = new OutageReporter(`${settings.name} delivery`, clock, diagnostics);
    this.#ended = this.#run();
  }

  /** Whether the logger is down. */
  get isFailing(): boolean {
    return this.#delivery.isDown;
  }

  /** Ends after the batch that is being delivered. */
  async stop(timeoutMs: number): Promise<void> {
    const { clock } = this.#parts.host;
    this.#isStopped = true;
    this.#wake();
    if (this.#isReading) this.#parts.stream.interrupt();
    await withTimeLimit({ clock, timeoutMs, holdsProcess: false }, () => this.#ended);
    this.#parts.stream.interrupt();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#round();
        this.#noteRedis(null);
      } catch (error) {
        if (this.#isStopped) break;
        this.#noteRedis(error);
        // Without a group, a claim creates one.
        this.#claimDueMs = Number.NEGATIVE_INFINITY;
        await this.#pause(RETRY_MS);
      }
    }
    try {
      await this.#finish();
      await this.#parts.stream.leave();
    } catch {
      // Others claim what is left.
    }
  }

  async #round(): Promise<void> {
    await this.#finish();
    if (this.#delivery.isDown) await this.#probe();
    else {
      const claimed = await this.#claim();
      const entries = claimed.length > 0 ? claimed : await this.#read(BATCH_SIZE, this.#waitMs);
      await this.#deliver(entries);
    }
  }

  /** New entries are waited for until the next claim is due. */
  get #waitMs(): number {
    const untilClaimMs = this.#claimDueMs - this.#parts.host.clock.monotonicMs();
    return Math.ceil(Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, untilClaimMs)));
  }

  async #claim(): Promise<readonly Entry[]> {
    const { host, stream, settings, count } = this.#parts;
    const { clock, random } = host;
    if (clock.monotonicMs() < this.#claimDueMs) return [];
    const { entries, dead, hasMore } = await stream.claim();
    const everyMs = hasMore ? 0 : Math.min(CLAIM_EVERY_MS, settings.minIdleMs / 4);
    this.#claimDueMs = clock.monotonicMs() + everyMs * (0.8 + random() * 0.4);
    count("dead", dead.length);
    for (const { messageId } of dead) {
      const facts = { part: settings.name, messageId };
      host.diagnostics.error("exposure moved to dead stream", facts);
    }
    return entries;
  }

  async #read(count: number, waitMs: number): Promise<readonly Entry[]> {
    if (this.#isStopped) return [];
    this.#isReading = true;
    try {
      return await this.#parts.stream.read(count, waitMs);
    } finally {
      this.#isReading = false;
    }
  }

  async #deliver(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const { stream, count } = this.#parts;
    await this.#delivery.deliver(entries, this.#inVain, {
      mayContinue: () => !this.#isStopped,
      begin: (entry) => {
        count("redelivered", 1);
        return stream.begin(entry);
      },
      accepted: (entry) => this.#accepted(entry),
    });
    await this.#finish();
    if (!this.#delivery.isDown) return;
    this.#backoff.reset();
    await this.#noteDown();
  }

  /** Looks whether the logger works again, with a new entry and with one that it did not take. */
  async #probe(): Promise<void> {
    await this.#pause(this.#backoff.nextMs());
    if (this.#isStopped) return;
    const { stream } = this.#parts;
    const held = await stream.held();
    const fresh = held.length < BATCH_SIZE ? await this.#read(1, 0) : [];
    // In turn: one of them may be what the logger cannot take.
    const old = held[this.#probes++ % Math.max(1, held.length)];
    for (const entry of old === undefined ? fresh : [...fresh, old]) {
      if (entry === old && !(await stream.begin(entry))) continue;
      this.#inVain.push(entry);
      if (!(await this.#delivery.try(entry))) continue;
      await this.#accepted(entry);
      await this.#finish();
      await this.#deliver(await stream.held());
      return;
    }
    await this.#noteDown();
  }

  /** The logger is down: what was delivered in vain, in this round or before, is not to blame. */
  async #noteDown(): Promise<void> {
    this.#outages.failed(this.#delivery.lastError);
    if (this.#inVain.length === 0) return;
    await this.#parts.stream.forgive(this.#inVain);
    this.#inVain.length = 0;
  }

  async #accepted({ entryId, isSuspect }: Entry): Promise<void> {
    this.#outages.succeeded();
    this.#inVain.length = 0;
    this.#unfinished.push(entryId);
    // The next suspect may end the process.
    if (isSuspect) await this.#finish();
  }

  async #finish(): Promise<void> {
    const entryIds = this.#unfinished;
    if (entryIds.length === 0) return;
    const removed = await this.#parts.stream.finish(entryIds);
    this.#parts.count("delivered", removed);
    this.#unfinished = [];
  }

  /** Reports an outage of Redis once at its beginning and once at its end. */
  #noteRedis(error: unknown): void {
    const isFailing = error !== null;
    if (isFailing === this.#isRedisFailing) return;
    this.#isRedisFailing = isFailing;
    const { host, settings } = this.#parts;
    const part = settings.name;
    if (isFailing) host.diagnostics.warn("outbox unreachable", { part, code: codeOf(error) });
    else host.diagnostics.info("outbox reachable again", { part });
  }

  #pause(delayMs: number): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const { clock } = this.#parts.host;
      const cancel = clock.setTimer(resolve, delayMs, { holdsProcess: false });
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
