import { momentAgo, msSince, OutageReporter } from "@sortition/core/internal";
import type { Blame } from "./blame.js";
import type { ConsumerParts } from "./consumer.js";
import { Delivery } from "./delivery.js";
import type { Entry } from "./entry.js";
import { Removals } from "./removals.js";

/** Outcome of a delivery. */
export interface Taken {
  /** Whether the logger accepted at least one entry. */
  readonly isAny: boolean;
  /** Whether the logger accepted no entry and did not settle in time. */
  readonly hangs: boolean;
}

/** Delivers entries to the logger, and records the outcome. */
export class Handover {
  readonly #parts: ConsumerParts;
  readonly #blame: Blame;
  readonly #onRecovery: () => void;
  readonly #delivery: Delivery;
  readonly #outages: OutageReporter;
  readonly #removals: Removals;
  /** Entries that were delivered and not removed yet. */
  #unfinished: string[] = [];
  /** Number of them that the logger itself dropped. */
  #unfinishedDropped = 0;
  #lastError: unknown = null;
  #dead = 0;
  #dropped = 0;

  /** @param onRecovery - called when the logger accepts an entry after others have failed. */
  constructor(parts: ConsumerParts, blame: Blame, onRecovery: () => void) {
    const { services, inner, settings } = parts;
    const { clock, diagnostics } = services;
    this.#parts = parts;
    this.#blame = blame;
    this.#onRecovery = onRecovery;
    this.#removals = new Removals(parts.stream);
    this.#delivery = new Delivery(inner, clock, settings.deliveryTimeoutMs);
    this.#outages = new OutageReporter(`${settings.name} delivery`, clock, diagnostics);
  }

  /** Number of entries that the logger itself dropped when it received them. They are finished. */
  get dropped(): number {
    return this.#dropped;
  }

  async deliverNew(all: readonly Entry[]): Promise<void> {
    const entries = await this.readable(all);
    if (entries.length > 0 && !(await this.#together(entries))) this.#blame.newFailed();
  }

  /** Redelivers entries that never failed. */
  async deliverAgain(entries: readonly Entry[]): Promise<void> {
    const own = await this.#begin(entries);
    if (own.length > 0) await this.#together(own);
  }

  /**
   * Redelivers one entry. It may have ended a process, or the logger may be unable to accept it.
   */
  async deliverAlone(entry: Entry): Promise<Taken> {
    const own = await this.#begin([entry]);
    return own.length > 0 ? this.#deliver(own) : { isAny: false, hangs: false };
  }

  /** Removes delivered entries from the stream. */
  async finish(): Promise<void> {
    await this.#removals.repeat();
    const entryIds = this.#unfinished;
    if (entryIds.length === 0) return;
    const dropped = this.#unfinishedDropped;
    this.#unfinished = [];
    this.#unfinishedDropped = 0;
    await this.#removals.finish(entryIds, (removed) => {
      this.#parts.count("delivered", removed);
      this.#dropped += dropped;
    });
  }

  /** Notes that the logger is down. Deliveries since it last accepted an entry are not counted as failures of the entries. */
  async noteDown(): Promise<void> {
    this.#blame.down();
    this.#outages.failed(this.#lastError);
    await this.#parts.stream.forgive(this.#blame.toForgive);
    this.#blame.forgiven();
  }

  /** Moves unreadable entries to the dead stream, and returns the others. */
  async readable(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const unreadable = entries.filter(({ logged }) => logged === null);
    if (unreadable.length === 0) return entries;
    await this.bury(unreadable);
    return entries.filter(({ logged }) => logged !== null);
  }

  /** Moves entries to the dead stream, and reports them. */
  async bury(entries: readonly Entry[]): Promise<void> {
    await this.#removals.bury(idsOf(entries), (moved) => this.#noteDead(entries, moved));
  }

  /** @param moved - number of `entries` that this process moved. Another process may have moved the rest. */
  #noteDead(entries: readonly Entry[], moved: number): void {
    const { count, services, settings } = this.#parts;
    count("dead", moved);
    this.#dead += moved;
    this.#blame.forget(idsOf(entries));
    for (const { messageId } of entries) {
      // Clients log this message once in ten minutes, so each report contains the total.
      const facts = { part: settings.name, messageId, dead: this.#dead };
      services.diagnostics.error("exposure moved to dead stream", facts);
    }
  }

  /** Delivers a batch. If the logger accepts none of its entries, retries two of them alone. */
  async #together(entries: readonly Entry[]): Promise<boolean> {
    const { services, settings } = this.#parts;
    // Other consumers claim the entries after `minIdleMs`.
    const startedAt = momentAgo(services.clock);
    const latestMs = settings.minIdleMs - settings.deliveryTimeoutMs;
    const { hangs, isAny } = await this.#deliver(entries);
    if (isAny || hangs || entries.length === 1) return isAny;
    for (const sample of [...entries.slice(0, 1), ...entries.slice(-1)]) {
      // The clock of Redis continues while this process is frozen.
      if (msSince(startedAt, services.clock) > latestMs) return false;
      if ((await this.#deliver([sample])).isAny) return true;
    }
    return false;
  }

  async #begin(entries: readonly Entry[]): Promise<readonly Entry[]> {
    if (entries.length === 0) return [];
    const own = await this.#parts.stream.begin(entries);
    this.#parts.count("redelivered", own.length);
    this.#blame.counted(idsOf(own));
    this.#blame.forget(idsOf(entries.filter((entry) => !own.includes(entry))));
    return own;
  }

  /** Delivers entries, and records whether the entries or the logger caused the failures. */
  async #deliver(entries: readonly Entry[]): Promise<Taken> {
    const { accepted, dropped, error, failed, hangs } = await this.#delivery.deliver(entries);
    const isAny = accepted.length > 0;
    if (isAny) {
      // Recorded before the Redis request, which may fail. This is the only evidence that the
      // entries are the cause, and not the logger.
      this.#blame.refused(idsOf(failed));
      await this.#accepted(idsOf(accepted), dropped);
    }
    if (failed.length > 0) {
      this.#lastError = error;
      await this.#failed(idsOf(failed), hangs);
    }
    return { isAny, hangs };
  }

  async #accepted(entryIds: readonly string[], dropped: number): Promise<void> {
    this.#outages.succeeded();
    if (this.#blame.succeeded()) this.#onRecovery();
    this.#blame.forget(entryIds);
    this.#unfinished.push(...entryIds);
    this.#unfinishedDropped += dropped;
    // The next entry may end the process.
    await this.finish();
  }

  async #failed(entryIds: readonly string[], hangs: boolean): Promise<void> {
    const refused = entryIds.filter((entryId) => this.#blame.isRefused(entryId));
    const others = entryIds.filter((entryId) => !this.#blame.isRefused(entryId));
    this.#blame.failed(others, hangs);
    if (refused.length === 0) return;
    await this.#parts.stream.refuse(refused);
    this.#blame.forget(refused);
  }
}

function idsOf(entries: readonly Entry[]): readonly string[] {
  return entries.map(({ entryId }) => entryId);
}
