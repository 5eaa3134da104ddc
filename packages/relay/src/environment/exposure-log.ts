import { isDeepStrictEqual } from "node:util";
import type { Clock, Diagnostics } from "@sortition/core";
import { OptionError, Timer, within } from "@sortition/core/internal";
import type { LoggerConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { type ExposureCounts, LoggerSlot, lostIn } from "./logger-slot.js";
import { type OpenedLogger, openLogger } from "./loggers.js";

const REPORT_EVERY_MS = 60_000;
/** How long a replaced logger may take to deliver what it accepted. */
const REPLACED_MS = 4_500;

/** Loggers that are open, but not used yet. */
export interface LoggerChange {
  /**
   * Uses them from now on, and closes those that they replace. Returns all current loggers.
   *
   * @param drain - resolves when nothing is passed to loggers any more whose names are gone. Only then are they closed.
   */
  apply(drain: (removed: readonly LoggerSlot[]) => Promise<unknown>): readonly LoggerSlot[];
  /** Closes them. */
  discard(): Promise<void>;
}

/**
 * Logs the exposures of all environments of one name. It outlives reloads, so a file is never open twice and no count is
 * forgotten.
 */
export class ExposureLog {
  readonly #diagnostics: Diagnostics;
  readonly #clock: Clock;
  /** Number of requests that were refused because their exposures could not have been kept. */
  refused = 0;
  readonly #slots = new Map<string, LoggerSlot>();
  #open: readonly OpenedLogger[] = [];
  /** Removed loggers that still deliver what Redis has for them. */
  readonly #draining = new Set<OpenedLogger>();
  #closing: Promise<unknown> = Promise.resolve();
  #reported = 0;
  readonly #reportTimer: Timer;

  constructor(diagnostics: Diagnostics, clock: Clock) {
    this.#diagnostics = diagnostics;
    this.#clock = clock;
    this.#reportTimer = new Timer(clock);
  }

  /**
   * Whether a logger can write reported exposures, as far as known. If not, one report per second is admitted to find out. The
   * losses of the others are counted.
   */
  admitsReport(): boolean {
    const slots = [...this.#slots.values()].filter(({ current }) => current !== null);
    const admitted = slots.filter((it) => it.admit());
    return slots.length === 0 || admitted.length > 0;
  }

  counts(): readonly ExposureCounts[] {
    return [...this.#slots.values()].map((it) => it.counts());
  }

  /** Exposures that wait in Redis for all replicas, by logger. Without those of loggers whose number is unknown. */
  async stored(): Promise<ReadonlyMap<string, number>> {
    const slots = [...this.#slots.values()];
    const counts = await Promise.all(
      slots.map(async (it) => [it.name, await it.stored()] as const),
    );
    return new Map(counts.flatMap(([name, count]) => (count === null ? [] : [[name, count]])));
  }

  /**
   * Opens the loggers that are not open yet.
   *
   * Rejects with an OptionError that names the path of the option. Nothing is changed in that case.
   */
  async prepare(configs: readonly LoggerConfig[]): Promise<LoggerChange> {
    const isKept = (it: OpenedLogger): boolean =>
      configs.some((config) => isSame(config, it.config));
    const ending = this.#open.filter((it) => !isKept(it));
    const next: OpenedLogger[] = [];
    const opened: OpenedLogger[] = [];
    const open = async (config: LoggerConfig): Promise<void> => {
      const known = this.#open.find((it) => isSame(config, it.config));
      const logger =
        known ?? (await openLogger(config, this.#diagnostics, [...ending, ...this.#draining]));
      if (known === undefined) opened.push(logger);
      if (next.some((it) => nameOf(it) === nameOf(logger))) {
        throw new OptionError(`${config.path}.name`, `${nameOf(logger)} is already used`);
      }
      next.push(logger);
    };
    const discard = async (): Promise<void> => {
      await Promise.all(opened.map((it) => it.close(0)));
    };
    try {
      await settleAll(configs.map((it) => () => open(it)));
    } catch (error) {
      await discard();
      throw error;
    }
    return { discard, apply: (drain) => this.#use(next, ending, drain) };
  }

  /** Whether the current configuration has a logger of this name. */
  has(name: string): boolean {
    return this.#open.some((it) => nameOf(it) === name);
  }

  /** Resolves when replaced and removed loggers are closed, or after a while: some may have to wait for their service. */
  async settled(): Promise<void> {
    const limit = { clock: this.#clock, timeoutMs: REPLACED_MS, holdsProcess: false };
    await within(limit, () => this.#closing);
  }

  /** Number of exposures that were lost, including those of loggers that a reload replaced or removed. */
  get lost(): number {
    return lostIn(this.counts());
  }

  /** Number of exposures that a service or Redis may have, because it did not respond before their logger was closed. */
  get unconfirmed(): number {
    return this.counts().reduce((sum, it) => sum + it.unconfirmed, 0);
  }

  /** Closes all loggers. Call it when nothing is logged any more. */
  async close(timeoutMs: number): Promise<void> {
    this.#reportTimer.cancel();
    const open = this.#open;
    this.#open = [];
    await Promise.all([this.#closing, this.#close(open, timeoutMs)]);
    const count = this.lost - this.#reported;
    this.#reported += count;
    if (count > 0) this.#diagnostics.error("exposures lost on close", { count });
    const { unconfirmed } = this;
    if (unconfirmed > 0) this.#diagnostics.warn("exposures may be lost", { count: unconfirmed });
  }

  #use(
    next: readonly OpenedLogger[],
    ending: readonly OpenedLogger[],
    drain: Parameters<LoggerChange["apply"]>[0],
  ): readonly LoggerSlot[] {
    this.#open = next;
    const names = next.map(nameOf);
    const removed = ending.filter((it) => !names.includes(nameOf(it)));
    const slots = next.map((it) => {
      const slot = this.#slots.get(nameOf(it)) ?? new LoggerSlot(nameOf(it), this.#clock);
      this.#slots.set(slot.name, slot);
      if (slot.current !== it) slot.set(it);
      return slot;
    });
    const replaced = ending.filter((it) => !removed.includes(it));
    const removing = removed.length === 0 ? null : this.#remove(removed, drain);
    this.#closing = Promise.all([this.#closing, removing, this.#close(replaced, REPLACED_MS)]);
    if (!this.#reportTimer.isSet && next.length > 0) this.#reportLater();
    return slots;
  }

  async #remove(
    removed: readonly OpenedLogger[],
    drain: Parameters<LoggerChange["apply"]>[0],
  ): Promise<void> {
    const slots = [...this.#slots.values()].filter((it) => isOneOf(removed, it.current));
    for (const it of removed) this.#draining.add(it);
    await new Promise((resolve) => setImmediate(resolve)); // the caller first stops using the slots
    await drain(slots).catch(() => {});
    // Another reload may have added a logger of the name again.
    for (const it of slots) if (isOneOf(removed, it.current)) it.set(null);
    await this.#close(removed, REPLACED_MS);
    for (const it of removed) this.#draining.delete(it);
  }

  async #close(all: readonly OpenedLogger[], timeoutMs: number): Promise<void> {
    await Promise.all(all.map((it) => it.close(timeoutMs)));
  }

  #reportLater(): void {
    this.#reportTimer.set(REPORT_EVERY_MS, () => this.#report());
  }

  /** Logs the total number of lost exposures once a minute while it grows. */
  #report(): void {
    this.#reportLater();
    const counts = this.counts();
    const total = lostIn(counts);
    if (total === this.#reported) return;
    this.#reported = total;
    for (const it of counts) {
      const { logger, lost } = it;
      const count = lostIn([it]);
      if (count > 0) this.#diagnostics.error("exposures lost", { logger, total: count, ...lost });
    }
  }
}

function isOneOf(all: readonly OpenedLogger[], logger: OpenedLogger | null): boolean {
  return logger !== null && all.includes(logger);
}

function nameOf({ logger }: OpenedLogger): string {
  return logger.name ?? "";
}

/** Whether two loggers have the same options, whatever their place in the file. */
function isSame(a: LoggerConfig, b: LoggerConfig): boolean {
  return a.type === b.type && isDeepStrictEqual(a.options, b.options);
}
