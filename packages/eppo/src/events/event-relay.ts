import type {
  AssignmentEvent,
  AssignmentLogger,
  BanditEvent,
  LoggerDeadline,
} from "@sortition/core";
import type { Diagnostics } from "@sortition/core/source";
import type { IAssignmentEvent, IAssignmentLogger } from "../model/assignment-event.js";
import type { IBanditEvent, IBanditLogger } from "../model/bandit-event.js";

/** Events of each kind that wait for a logger. */
const MAX_WAITING = 100;

/** What a logger may have besides its own method: the loggers of this library do. */
interface Closable {
  readonly owned?: unknown;
  flush?(deadline: LoggerDeadline): unknown;
  close?(deadline: LoggerDeadline): unknown;
}

/**
 * Gives the events of the client to the user's two loggers, with the vendor's member names. Each event
 * is a new object, which a logger may change. Without a logger the first events wait for it.
 */
export class EventRelay implements AssignmentLogger {
  /** {@link close} closes what the loggers say that the client owns. */
  readonly owned = true;
  readonly #assignments: Outlet<IAssignmentEvent>;
  readonly #bandits: Outlet<IBanditEvent>;
  #assignmentLogger: (IAssignmentLogger & Closable) | null = null;
  #banditLogger: (IBanditLogger & Closable) | null = null;

  constructor(diagnostics: Diagnostics) {
    this.#assignments = new Outlet("setAssignmentLogger", diagnostics);
    this.#bandits = new Outlet("setBanditLogger", diagnostics);
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
    // The dialect's events have the members of the vendor's.
    return this.#assignments.give({
      ...event,
      metaData: { ...metaData },
    } as unknown as IAssignmentEvent);
  }

  logBanditAction({ timestamp, flagKey, banditKey, ...event }: BanditEvent): unknown {
    const metaData = { ...event.metaData };
    const names = { timestamp, featureFlag: flagKey, bandit: banditKey };
    // The dialect's events have the members of the vendor's.
    return this.#bandits.give({ ...names, ...event, metaData } as unknown as IBanditEvent);
  }

  async flush(deadline: LoggerDeadline): Promise<unknown> {
    const results = await Promise.all(this.#loggers().map((logger) => logger.flush?.(deadline)));
    return results.find(hasFailed) ?? results[0];
  }

  async close(deadline: LoggerDeadline): Promise<void> {
    const owned = this.#loggers().filter((logger) => logger.owned === true);
    await Promise.all(owned.map((logger) => logger.close?.(deadline)));
  }

  /** Each once, if one object is both. */
  #loggers(): readonly Closable[] {
    const loggers = new Set<Closable | null>([this.#assignmentLogger, this.#banditLogger]);
    return [...loggers].filter((logger) => logger !== null);
  }
}

function hasFailed(result: unknown): boolean {
  return typeof result === "object" && result !== null && "ok" in result && result.ok === false;
}

/** Where the events of one kind go. */
class Outlet<Event> {
  readonly #setter: string;
  readonly #diagnostics: Diagnostics;
  #log: ((event: Event) => unknown) | null = null;
  #waiting: Event[] = [];
  #hasWarned = false;

  constructor(setter: string, diagnostics: Diagnostics) {
    this.#setter = setter;
    this.#diagnostics = diagnostics;
  }

  /** Gives waiting events to the logger, in order. What it throws costs that event alone. */
  open(log: ((event: Event) => unknown) | null): void {
    this.#log = log;
    if (log === null) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) {
      try {
        const result = log(event);
        if (result instanceof Promise) result.catch((error) => this.#report(error));
      } catch (error) {
        this.#report(error);
      }
    }
  }

  give(event: Event): unknown {
    if (this.#log !== null) return this.#log(event);
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(event);
    else if (!this.#hasWarned) {
      this.#hasWarned = true;
      const facts = { kept: MAX_WAITING, call: this.#setter };
      this.#diagnostics.warn("events dropped: no logger is set", facts);
    }
    return undefined;
  }

  #report(error: unknown): void {
    this.#diagnostics.error("logger failed", { call: this.#setter, error });
  }
}
