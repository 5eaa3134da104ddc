import type { CollectedRequest, Collector } from "../collector.js";

/** An event as the vendor's service receives it. */
export interface SentEvent {
  /** The id by which the service recognises repetitions. */
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly timeMs: number;
  /** Our members, by name. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Result of a flush. */
export interface FlushSummary {
  readonly ok: boolean;
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

/** A logger, as far as the contract needs it. */
export interface LoggerUnderTest {
  readonly name: string;
  readonly owned: boolean;
  logAssignment(event: object): void;
  logBanditAction(event: object): void;
  flush(limit?: { readonly timeoutMs: number }): Promise<FlushSummary>;
  close(limit?: { readonly timeoutMs: number }): Promise<FlushSummary>;
  stats(): {
    readonly accepted: number;
    readonly delivered: number;
    readonly failed: number;
    readonly dropped: number;
    readonly buffered: number;
    readonly bufferedBytes: number;
    readonly inFlight: number;
    readonly failing: boolean;
    readonly trimmed: number;
    readonly removedMembers: number;
    readonly droppedBy: Readonly<Record<string, number>>;
  };
}

/** A vendor's instance that a user made, and the logger over it. */
export interface Borrowed {
  readonly logger: LoggerUnderTest;
  /** Tracks an event of the user's own, called `own event`. */
  trackOwn(): void;
  /** Sends what the instance holds. */
  flushOwn(): Promise<void>;
  /** Makes the instance's `track` throw from now on. */
  breakTrack(): void;
  /** Number of times that the instance's `flush` was called. */
  readonly flushCalls: number;
  /** The user's settings of the instance (handlers, ids), to be compared before and after. */
  settings(): unknown;
}

/** A client, as far as the contract needs it. */
export interface ClientUnderTest {
  getStringAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Readonly<Record<string, string>>,
    defaultValue: string,
  ): string;
  readonly status: {
    readonly counters: {
      readonly exposures: {
        readonly loggers: Readonly<Record<string, { readonly downstream?: object }>>;
      };
    };
  };
}

/** How one vendor's logger is created, and its requests are read. */
export interface LoggerHarness {
  readonly vendor: string;
  /** Creates a logger that makes its own instance; the options are those of all loggers. */
  create(url: string, options?: object): LoggerUnderTest;
  /** Creates an instance as a user would, and a logger over it. */
  borrow(url: string, options?: object): Borrowed;
  /** Events in a request, the user's own included. */
  eventsOf(request: CollectedRequest): readonly SentEvent[];
  /** Creates a real client with these flags and this logger. */
  createClient(logger: LoggerUnderTest, flagsConfiguration: Uint8Array): ClientUnderTest;
  /** Bare imports of a child's script are resolved from here. */
  readonly cwd: string;
  /**
   * Statements that declare `create(options)`, which creates a logger for the collector at
   * `process.env.URL`; they may use `load(name)`, which imports or requires a package.
   */
  readonly script: string;
  /** The same, with an instance that records ids in `sent` in place of the library. */
  readonly fakeScript: string;
  /** An ES module that uses the logger with and without an instance of the real library. */
  readonly usage: string;
  /** A status after which the library or the logger tries again. */
  readonly retriesStatus: number;
  /** Number of events that are logged in one turn without a loss. */
  readonly burst: number;
}

/** All events of successful requests, in order. */
export function acceptedBy(collector: Collector, harness: LoggerHarness): readonly SentEvent[] {
  return collector.requests
    .filter(({ status }) => status === 200)
    .flatMap((request) => harness.eventsOf(request));
}
