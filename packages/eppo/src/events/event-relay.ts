import type {
  AssignmentEvent,
  AssignmentLogger,
  BanditEvent,
  LoggerDeadline,
} from "@sortition/core";
import {
  type Clock,
  callWithBook,
  claimReceipt,
  type Diagnostics,
  isThenable,
  type Receipt,
} from "@sortition/core/internal";
import type { IAssignmentEvent, IAssignmentLogger } from "../client/model/assignment-event.js";
import type { IBanditEvent, IBanditLogger } from "../client/model/bandit-event.js";

/** Maximum number of events of each kind that wait for a logger. */
const MAX_WAITING = 100;
/**
 * How long a logger's promise is awaited, so that one that never settles does not stay in memory.
 */
const MAX_PROMISE_MS = 10_000;

/** Optional members of a logger, which this library's loggers have. */
interface Closable {
  readonly owned?: unknown;
  flush?(deadline: LoggerDeadline): unknown;
  close?(deadline: LoggerDeadline): unknown;
}

/**
 * Passes the client's events to the user's two loggers, with the vendor's member names. Each event
 * is a new object that a logger may modify. Without a logger, the first events wait for one.
 */
export class EventRelay implements AssignmentLogger {
  /** Lets {@link close} close the loggers that the client owns. */
  readonly owned = true;
  /** The vendor's SDK logs an assignment once, whatever its logger does with it later. */
  readonly remembersLosses = true;
  readonly #diagnostics: Diagnostics;
  readonly #clock: Clock;
  readonly #assignments: Outlet<IAssignmentEvent>;
  readonly #bandits: Outlet<IBanditEvent>;
  #assignmentLogger: (IAssignmentLogger & Closable) | null = null;
  #banditLogger: (IBanditLogger & Closable) | null = null;
  #hasWarnedOfPlace = false;

  constructor(diagnostics: Diagnostics, clock: Clock) {
    this.#diagnostics = diagnostics;
    this.#clock = clock;
    this.#assignments = new Outlet("setAssignmentLogger", diagnostics, clock);
    this.#bandits = new Outlet("setBanditLogger", diagnostics, clock);
  }

  get hasLogger(): boolean {
    return this.#loggers().length > 0;
  }

  /**
   * Returns a relay with the same loggers, until others are set. Waiting events go to the relay
   * that gets a logger first.
   */
  copy(): EventRelay {
    const copy = relayOf(this.#diagnostics, this.#clock);
    copy.#assignmentLogger = this.#assignmentLogger;
    copy.#banditLogger = this.#banditLogger;
    copy.#assignments.follow(this.#assignments);
    copy.#bandits.follow(this.#bandits);
    return copy;
  }

  setAssignmentLogger(logger: IAssignmentLogger | null): void {
    this.#assignmentLogger = logger;
    this.#assignments.open(logger && ((event) => logger.logAssignment(event)));
  }

  setBanditLogger(logger: IBanditLogger | null): void {
    this.#banditLogger = logger;
    this.#bandits.open(logger && ((event) => logger.logBanditAction(event)));
  }

  logAssignment(event: AssignmentEvent): unknown {
    const { metaData } = event;
    // The dialect's events have the vendor's members.
    return this.#assignments.give({
      ...event,
      metaData: { ...metaData },
    } as unknown as IAssignmentEvent);
  }

  logBanditAction({ timestamp, flagKey, banditKey, ...event }: BanditEvent): unknown {
    if (this.#banditLogger === null) this.#warnOfPlace();
    const metaData = { ...event.metaData };
    const names = { timestamp, featureFlag: flagKey, bandit: banditKey };
    // The dialect's events have the vendor's members.
    return this.#bandits.give({ ...names, ...event, metaData } as unknown as IBanditEvent);
  }

  async flush(deadline: LoggerDeadline): Promise<unknown> {
    // Async, so that each logger is called even if another one throws.
    const flushes = this.#loggers().map(async (logger) => logger.flush?.(deadline));
    const results = await Promise.all(flushes);
    return results.find(hasFailed) ?? results[0];
  }

  async close(deadline: LoggerDeadline): Promise<void> {
    const owned = this.#loggers().filter((logger) => logger.owned === true);
    await Promise.all(owned.map(async (logger) => logger.close?.(deadline)));
    this.reportWaiting("the client was closed");
  }

  /**
   * Warns of the events that no logger has taken.
   *
   * @param when - the moment from which no further logger is expected.
   * @param unseen - number of assignments that wait in the inner client.
   */
  reportWaiting(when: string, unseen = 0): void {
    const report = (lost: number, option: string, setter: string): void => {
      if (lost === 0) return;
      const message = `events lost: ${lost} had no logger when ${when}; pass ${option}, or call ${setter}`;
      this.#diagnostics.warn(message, { cause: "events without a logger", count: lost });
    };
    report(this.#assignments.waiting + unseen, "assignmentLogger", "setAssignmentLogger");
    report(this.#bandits.waiting, "banditLogger: { logBanditAction }", "setBanditLogger");
  }

  /** Warns once if the method for bandit actions is in the other logger, as native clients have it. */
  #warnOfPlace(): void {
    const { logBanditAction } = Object(this.#assignmentLogger) as Partial<IBanditLogger>;
    if (this.#hasWarnedOfPlace || typeof logBanditAction !== "function") return;
    this.#hasWarnedOfPlace = true;
    this.#diagnostics.warn(
      "assignmentLogger.logBanditAction is not called: pass it as banditLogger: { logBanditAction }",
      { option: "banditLogger" },
    );
  }

  /** Returns each logger once, even if the same object is used for both. */
  #loggers(): readonly Closable[] {
    const loggers = new Set<Closable | null>([this.#assignmentLogger, this.#banditLogger]);
    return [...loggers].filter((logger) => logger !== null);
  }
}

function hasFailed(result: unknown): boolean {
  return typeof result === "object" && result !== null && "ok" in result && result.ok === false;
}

// Not in the class, because bundlers rename a class that refers to itself.
function relayOf(diagnostics: Diagnostics, clock: Clock): EventRelay {
  return new EventRelay(diagnostics, clock);
}

/** An event without a logger. The inner client counts it as pending until its receipt is settled. */
interface Waiting<Event> {
  readonly event: Event;
  readonly receipt: Receipt | null;
}

/** Receiver of the events of one kind. */
class Outlet<Event> {
  readonly #setter: string;
  readonly #diagnostics: Diagnostics;
  readonly #clock: Clock;
  #log: ((event: Event) => unknown) | null = null;
  #waiting: Waiting<Event>[] = [];
  #hasWarned = false;
  #hasFailedLate = false;

  constructor(setter: string, diagnostics: Diagnostics, clock: Clock) {
    this.#setter = setter;
    this.#diagnostics = diagnostics;
    this.#clock = clock;
  }

  /** Uses another outlet's logger, and shares its waiting events. */
  follow(other: Outlet<Event>): void {
    this.#log = other.#log;
    this.#waiting = other.#waiting;
  }

  /**
   * Passes waiting events to the logger in order. `null` drops them, as in the vendor's SDK. If the
   * logger throws, only that event is lost.
   */
  open(log: ((event: Event) => unknown) | null): void {
    this.#log = log;
    const waiting = this.#waiting.splice(0);
    for (const { event, receipt } of waiting) {
      if (log === null) {
        receipt?.settle("dropped");
        continue;
      }
      const fail = (error: unknown): void => {
        receipt?.settle("failed");
        this.#report(error);
      };
      // A logger that reports the outcome of each event takes the receipt.
      let isTaken = receipt === null;
      const book = receipt && {
        claim() {
          isTaken = true;
          return receipt;
        },
      };
      const end = (): void => {
        if (!isTaken) receipt?.settle("delivered");
      };
      try {
        const result = callWithBook(book, () => log(event));
        if (isThenable(result)) result.then(end, fail);
        else end();
      } catch (error) {
        fail(error);
      }
    }
  }

  /** Number of events that wait for a logger. */
  get waiting(): number {
    return this.#waiting.length;
  }

  give(event: Event): unknown {
    if (this.#log !== null) {
      const result = this.#log(event);
      return isThenable(result) ? this.#limited(result) : result;
    }
    const receipt = claimReceipt();
    if (this.#waiting.length < MAX_WAITING) {
      this.#waiting.push({ event, receipt });
      return undefined;
    }
    receipt?.settle("dropped");
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      const facts = { kept: MAX_WAITING, call: this.#setter };
      this.#diagnostics.warn("events dropped: no logger is set", facts);
    }
    return undefined;
  }

  /**
   * Settles like `result`, or resolves when the wait is over, because being slow is not a failure.
   */
  #limited(result: PromiseLike<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const giveUp = (): void => {
        isLate = true;
        resolve(undefined);
      };
      const cancel = this.#clock.setTimer(giveUp, MAX_PROMISE_MS, { holdsProcess: false });
      const fail = (error: unknown): void => {
        cancel();
        if (isLate) this.#reportLate(error);
        else reject(error);
      };
      Promise.resolve(result).then((value) => {
        cancel();
        resolve(value);
      }, fail);
    });
  }

  #reportLate(error: unknown): void {
    if (!this.#hasFailedLate) this.#report(error);
    this.#hasFailedLate = true;
  }

  #report(error: unknown): void {
    this.#diagnostics.error("logger failed", { call: this.#setter, error });
  }
}
