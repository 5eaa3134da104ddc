import type {
  AssignmentEvent,
  AssignmentLogger,
  BanditEvent,
  LoggerDeadline,
} from "@sortition/core";
import { callWithBook, claimReceipt, type Receipt } from "@sortition/core/internal";
import type { Clock } from "@sortition/node";
import type { OpenedLogger } from "./loggers.js";

/** Time between two attempts to write to a file that cannot be written. */
const PROBE_PAUSE_MS = 1_000;

type Losses = Readonly<Record<string, number>>;

/**
 * Counts of exposures.
 * `accepted = delivered + waiting + (sum of lost) + unconfirmed + (those that Redis has, and other replicas deliver)`.
 */
export interface Counts {
  readonly accepted: number;
  /** Delivered to the logger's service. */
  readonly delivered: number;
  /** Not yet stored in Redis, or not yet delivered. */
  readonly waiting: number;
  /** Lost, by reason. */
  readonly lost: Losses;
  /** Delivered, stored in Redis, or lost: the service or Redis did not respond before the logger was closed. */
  readonly unconfirmed: number;
}

/** Counts of the exposures of one logger name in this process. They continue if the logger is replaced. */
export interface ExposureCounts extends Counts {
  readonly logger: string;
}

/** A queue that passes an exposure to its logger again until it is delivered. It knows which exposures are lost. */
export interface RetryingQueue {
  counts(): Counts;
  /** Number of exposures that wait in Redis for all replicas. Rejects if Redis does not respond. */
  stored(): Promise<number>;
}

/**
 * The logger of one name in an environment. The logger behind it can be replaced, so that clients and Redis outboxes keep
 * theirs, and so that counters never decrease.
 */
export class LoggerSlot implements AssignmentLogger {
  readonly name: string;
  readonly #clock: Clock;
  #current: OpenedLogger | null = null;
  #direct = new DirectCounts();
  /** Queues in front of the logger, and whether they accept exposures. */
  readonly #queues = new Map<RetryingQueue, { isOpen: boolean }>();
  /** Counts of the queues that have ended. */
  #ended: Counts = NOTHING;
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

  /** The logger for a {@link RetryingQueue}. A failed attempt is not counted as a loss, because the queue may repeat it. */
  get behindQueue(): AssignmentLogger {
    return {
      name: this.name,
      logAssignment: (event) => this.#pass((it) => it.logAssignment(event)),
      logBanditAction: (event) => this.#pass((it) => it.logBanditAction?.(event)),
      flush: (deadline) => this.flush(deadline),
      stats: () => this.stats(),
    };
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
    return this.#count(() => this.#pass((it) => it.logAssignment(event)));
  }

  logBanditAction(event: BanditEvent): unknown {
    return this.#count(() => this.#pass((it) => it.logBanditAction?.(event)));
  }

  flush(deadline: LoggerDeadline): unknown {
    return this.#current?.logger.flush?.(deadline);
  }

  /** Counts of the exposures that were logged without a queue, and the state of the logger. */
  stats(): object {
    const { delivered, lost, unconfirmed, waiting } = this.#direct.counts(null);
    const { failed = 0, ...known } = lost;
    const droppedBy = { ...known, unconfirmed };
    const { bufferedBytes, failing } = statsOf(this.#current?.logger);
    const dropped = totalOf(droppedBy);
    return { delivered, failed, dropped, droppedBy, buffered: waiting, bufferedBytes, failing };
  }

  /** Sends exposures to another logger from now on, or to none. Does not close the former one. */
  set(next: OpenedLogger | null): void {
    this.#current = next;
    this.#probedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Counts the exposures of a queue in front of the logger, too. Call the result when it is closed. Its counts remain. */
  addQueue(queue: RetryingQueue): () => void {
    const state = { isOpen: true };
    this.#queues.set(queue, state);
    return () => {
      state.isOpen = false;
    };
  }

  counts(): ExposureCounts {
    this.#forgetEnded();
    const queues = [...this.#queues.keys()].map((it) => it.counts());
    const direct = this.#direct.counts(this.#current);
    return { logger: this.name, ...sumOf([direct, this.#ended, ...queues]) };
  }

  /** Number of exposures that wait in Redis for all replicas; `null` without Redis, or if it does not respond. */
  async stored(): Promise<number | null> {
    const open = [...this.#queues].filter(([, { isOpen }]) => isOpen).map(([queue]) => queue);
    try {
      return (await open.at(-1)?.stored()) ?? null;
    } catch {
      return null;
    }
  }

  /** A closed queue may still wait for the outcome of exposures that it passed on. */
  #forgetEnded(): void {
    for (const [queue, { isOpen }] of this.#queues) {
      const counts = queue.counts();
      if (isOpen || counts.waiting > 0) continue;
      this.#ended = sumOf([this.#ended, counts]);
      this.#queues.delete(queue);
    }
  }

  /** Calls the logger, unless there is none or its file cannot be written: a failing file gets one exposure per second. */
  #pass(call: (logger: AssignmentLogger) => unknown): unknown {
    if (this.#current !== null && (this.#isProbing || this.admit())) {
      this.#isProbing = false;
      return call(this.#current.logger);
    }
    if (this.#current === null) claimReceipt()?.settle("dropped", false, "closed");
    else claimReceipt()?.settle("failed");
    return undefined;
  }

  /** Counts the outcome of an exposure, and reports it to the client. */
  #count(call: () => unknown): unknown {
    const receipt = this.#direct.accept(claimReceipt());
    let isClaimed = false;
    const claim = (): Receipt => {
      isClaimed = true;
      return receipt;
    };
    const result = callWithBook({ claim }, call);
    if (!isClaimed) receipt.settle("delivered");
    return result;
  }
}

/** Counts the exposures that a logger receives from clients. */
class DirectCounts {
  #accepted = 0;
  #delivered = 0;
  #unconfirmed = 0;
  readonly #lost: Record<string, number> = { closed: 0 };

  /**
   * Counts an exposure.
   *
   * @param behind - receives its outcome, too.
   */
  accept(behind: Receipt | null): Receipt {
    this.#accepted += 1;
    let hasEnded = false;
    return {
      settle: (ending, isLasting, reason = ending) => {
        if (hasEnded) return;
        hasEnded = true;
        if (ending === "delivered") this.#delivered += 1;
        else if (reason === "unconfirmed") this.#unconfirmed += 1;
        else this.#lost[reason] = (this.#lost[reason] ?? 0) + 1;
        behind?.settle(ending, isLasting, reason);
      },
    };
  }

  /** @param logger - its reasons are included, so that alerts notice the first loss. */
  counts(logger: OpenedLogger | null): Counts {
    const { dropped, droppedBy, failed } = statsOf(logger?.logger);
    const { unconfirmed: _, ...known } = droppedBy ?? { dropped };
    const reasons = Object.keys({ failed, ...known });
    const lost = { ...Object.fromEntries(reasons.map((it) => [it, 0])), ...this.#lost };
    const [accepted, delivered, unconfirmed] = [this.#accepted, this.#delivered, this.#unconfirmed];
    const waiting = accepted - delivered - unconfirmed - totalOf(lost);
    return { accepted, delivered, waiting, lost, unconfirmed };
  }
}

/** The number of lost exposures. */
export function lostIn(all: readonly Counts[]): number {
  return all.reduce((sum, { lost }) => sum + totalOf(lost), 0);
}

/** Statistics that our loggers have. */
interface Stats {
  readonly failed: number;
  readonly dropped: number;
  readonly bufferedBytes: number;
  readonly failing: boolean;
  /** Absent if the logger reports no reasons. */
  readonly droppedBy?: Losses;
}

const NO_STATS: Stats = { failed: 0, dropped: 0, bufferedBytes: 0, failing: false };

const NOTHING: Counts = { accepted: 0, delivered: 0, waiting: 0, lost: {}, unconfirmed: 0 };

function statsOf(logger: Pick<AssignmentLogger, "stats"> | undefined): Stats {
  return { ...NO_STATS, ...logger?.stats?.() };
}

function sumOf(all: readonly Counts[]): Counts {
  const lost: Record<string, number> = {};
  for (const [reason, count] of all.flatMap((it) => Object.entries(it.lost))) {
    lost[reason] = (lost[reason] ?? 0) + count;
  }
  const sum = (name: Exclude<keyof Counts, "lost">): number =>
    all.reduce((total, it) => total + it[name], 0);
  return {
    ...{ accepted: sum("accepted"), delivered: sum("delivered"), waiting: sum("waiting"), lost },
    unconfirmed: sum("unconfirmed"),
  };
}

function totalOf(losses: Losses): number {
  return Object.values(losses).reduce((sum, count) => sum + count, 0);
}
