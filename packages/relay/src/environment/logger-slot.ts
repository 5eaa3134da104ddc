import type {
  AssignmentEvent,
  AssignmentLogger,
  BanditEvent,
  LoggerDeadline,
} from "@sortition/core";
import { claimReceipt } from "@sortition/core/internal";
import type { Clock } from "@sortition/node";
import type { OpenedLogger } from "./loggers.js";

/** Time between two attempts to write to a file that cannot be written. */
const PROBE_PAUSE_MS = 1_000;

/** Counts of the exposures of one logger name in this process. They continue if the logger is replaced. */
export interface ExposureCounts {
  readonly logger: string;
  /** Delivered to the logger's service. */
  readonly delivered: number;
  /** Not yet stored in Redis, or not yet delivered. */
  readonly waiting: number;
  /** Lost, by reason. */
  readonly lost: Readonly<Record<string, number>>;
}

/**
 * The logger of one name in an environment. The logger behind it can be replaced, so that clients and Redis outboxes keep
 * theirs, and so that counters never decrease.
 */
export class LoggerSlot implements AssignmentLogger {
  readonly name: string;
  readonly #clock: Clock;
  #current: OpenedLogger | null = null;
  /** Loggers that are open, or still deliver what they accepted. */
  readonly #loggers = new Set<Counted>();
  /** Queues in front of the loggers. */
  readonly #queues = new Map<Counted, Counted>();
  #delivered = 0;
  readonly #lost: Record<string, number> = { closed: 0 };
  #probedAtMs = Number.NEGATIVE_INFINITY;
  /** Whether the next exposure was admitted as a probe. */
  #isProbing = false;

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
  }

  /** The current logger; `null` if the configuration no longer has one of this name. */
  get current(): OpenedLogger | null {
    return this.#current;
  }

  /** Whether the current logger writes to a file, and its last write failed. */
  get isFailing(): boolean {
    const { file = null, logger } = this.#current ?? {};
    return file !== null && statsOf(logger).failing;
  }

  /** Whether to accept another exposure. While a file cannot be written, one per second finds out if it can be again. */
  admit(): boolean {
    if (!this.isFailing) return true;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#probedAtMs < PROBE_PAUSE_MS) return false;
    this.#probedAtMs = nowMs;
    this.#isProbing = true;
    return true;
  }

  logAssignment(event: AssignmentEvent): unknown {
    return this.#isOpen() ? this.#current?.logger.logAssignment(event) : undefined;
  }

  logBanditAction(event: BanditEvent): unknown {
    return this.#isOpen() ? this.#current?.logger.logBanditAction?.(event) : undefined;
  }

  flush(deadline: LoggerDeadline): unknown {
    return this.#current?.logger.flush?.(deadline);
  }

  /** Counts of all loggers of this name, without the queues in front of them. */
  stats(): Omit<Stats, "handingOver"> {
    const { buffered, bufferedBytes, failing } = statsOf(this.#current?.logger);
    const { failed = 0, ...droppedBy } = sumOf([this.#lost, ...lossesOf(this.#loggers)]);
    const dropped = totalOf(droppedBy);
    const delivered = this.#deliveredInAll;
    return { delivered, failed, dropped, droppedBy, buffered, bufferedBytes, failing };
  }

  /** Sends exposures to another logger from now on, or to none. Does not close the former one. */
  set(next: OpenedLogger | null): void {
    this.#current = next;
    this.#probedAtMs = Number.NEGATIVE_INFINITY;
    if (next !== null) this.#loggers.add(next.logger);
  }

  /** Counts the exposures of a queue in front of the logger, too, and what a second queue behind it loses. */
  addQueue(queue: Counted, second: Counted): void {
    this.#queues.set(queue, second);
  }

  /** Keeps the final counts of a logger or queue that was closed. Exposures that it still holds are lost. */
  forget(closed: Counted): void {
    const isLogger = this.#loggers.delete(closed);
    const second = this.#queues.get(closed);
    if (!isLogger && second === undefined) return;
    this.#queues.delete(closed);
    const { buffered, delivered } = statsOf(closed);
    if (isLogger) this.#delivered += delivered;
    // A queue counted what it could not pass on when it was closed. The logger counts the rest.
    const losses = isLogger
      ? [...lossesOf([closed]), { closed: buffered }]
      : ownLossesOf([closed, ...(second === undefined ? [] : [second])]);
    Object.assign(this.#lost, sumOf([this.#lost, ...losses]));
  }

  counts(): ExposureCounts {
    const all = [...this.#loggers, ...this.#queues.keys()];
    const waiting = all.reduce((sum, it) => sum + statsOf(it).buffered, 0);
    // The queue and the logger both count what an outbox passes on without Redis.
    const twice = [...this.#queues.values()].reduce((sum, it) => sum + statsOf(it).handingOver, 0);
    return {
      logger: this.name,
      delivered: this.#deliveredInAll,
      waiting: waiting - twice,
      lost: sumOf([
        this.#lost,
        ...lossesOf(this.#loggers),
        ...ownLossesOf([...this.#queues].flat()),
      ]),
    };
  }

  get #deliveredInAll(): number {
    return [...this.#loggers].reduce((sum, it) => sum + statsOf(it).delivered, this.#delivered);
  }

  /** Whether an exposure can be passed on. Otherwise counts it as lost: a failing file gets one exposure per second. */
  #isOpen(): boolean {
    if (this.#current !== null && (this.#isProbing || this.admit())) {
      this.#isProbing = false;
      return true;
    }
    claimReceipt()?.settle("failed");
    const reason = this.#current === null ? "closed" : "failed";
    this.#lost[reason] = (this.#lost[reason] ?? 0) + 1;
    return false;
  }
}

/** The number of lost exposures. */
export function lostIn(all: readonly ExposureCounts[]): number {
  return all.reduce((sum, { lost }) => sum + totalOf(lost), 0);
}

/** A logger or a queue with counters. */
type Counted = Pick<AssignmentLogger, "stats">;

type Losses = Readonly<Record<string, number>>;

/** Counters that all our loggers have. */
interface Stats {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly buffered: number;
  readonly bufferedBytes: number;
  readonly failing: boolean;
  /** Only of an outbox. */
  readonly handingOver: number;
  /** Absent if the logger reports no reasons. */
  readonly droppedBy?: Readonly<Record<string, number>>;
}

const NO_STATS: Stats = {
  ...{ delivered: 0, failed: 0, dropped: 0, buffered: 0, bufferedBytes: 0, failing: false },
  handingOver: 0,
};

function statsOf(logger: Counted | undefined): Stats {
  return { ...NO_STATS, ...logger?.stats?.() };
}

function lossesOf(all: Iterable<Counted>): readonly Losses[] {
  return [...all].map(statsOf).map(({ dropped, droppedBy, failed }) => {
    return { failed, ...(droppedBy ?? { dropped }) };
  });
}

/** Losses of queues, without those of the loggers behind them, which count them too. */
function ownLossesOf(queues: Iterable<Counted>): readonly Losses[] {
  return lossesOf(queues).map((losses) => ({ ...losses, downstream: 0 }));
}

function sumOf(all: readonly Losses[]): Losses {
  const sums: Record<string, number> = {};
  for (const [name, count] of all.flatMap((it) => Object.entries(it))) {
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

function totalOf(losses: Losses): number {
  return Object.values(losses).reduce((sum, count) => sum + count, 0);
}
