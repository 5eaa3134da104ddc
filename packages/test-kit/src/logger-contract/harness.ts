import type { CollectedRequest, Collector } from "../collector.js";

/** An event as the vendor's service gets it. */
export interface SentEvent {
  /** By which the service tells repetitions apart. */
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly timeMs: number;
  /** Our members, by name. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a flush came to. */
export interface FlushSummary {
  readonly ok: boolean;
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

/** A logger, as far as the contract needs it. */
export interface LoggerUnderTest {
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
  /** What a user has set on it (handlers, ids): equal before and after, if nobody touched it. */
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
}

/** How one vendor's logger is made and its service read. */
export interface LoggerHarness {
  readonly vendor: string;
  /** Makes a logger with an instance of its own; options are those all loggers share. */
  create(url: string, options?: object): LoggerUnderTest;
  /** Makes an instance as a user would, and a logger over it. */
  borrow(url: string, options?: object): Borrowed;
  /** Events in a request, the user's own included. */
  eventsOf(request: CollectedRequest): readonly SentEvent[];
  /** Makes a real client that serves these flags and logs here. */
  createClient(logger: LoggerUnderTest, flagsConfiguration: Uint8Array): ClientUnderTest;
  /** Bare imports of a child's script are resolved from here. */
  readonly cwd: string;
  /**
   * Statements that declare `create(options)`, which makes a logger for the collector at
   * `process.env.URL`; they may use `load(name)`, which imports or requires a package.
   */
  readonly script: string;
  /** The same, with an instance that records ids in `sent` in place of the library. */
  readonly fakeScript: string;
  /** An ES module that uses the logger with and without an instance of the real library. */
  readonly usage: string;
  /** A service that first fails is asked again by the library, or by the logger. */
  readonly retriesStatus: number;
  /** Events logged in one turn, of which none may be lost. */
  readonly burst: number;
}

/** Everything that was answered well, in order. */
export function acceptedBy(collector: Collector, harness: LoggerHarness): readonly SentEvent[] {
  return collector.requests
    .filter(({ status }) => status === 200)
    .flatMap((request) => harness.eventsOf(request));
}
