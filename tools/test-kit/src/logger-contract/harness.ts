import type { CollectedRequest, Collector } from "../collector.js";
import { isWhole } from "../whole.js";

/** An event as received by the vendor's service. */
export interface SentEvent {
  /** Id by which the service recognises duplicates. */
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  /** Members of our event, by name. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Diagnostics of tests that expect reports. */
export const SILENT = { debug(): void {}, info(): void {}, warn(): void {}, error(): void {} };

/** Time-out of flushes that succeed, even on a busy machine. */
export const PATIENT = { timeoutMs: 120_000 };

/** The members of a logger that the contract uses. */
export interface LoggerUnderTest {
  readonly name: string;
  readonly owned: boolean;
  logAssignment(event: object): void;
  logBanditAction(event: object): void;
  flush(limit?: { readonly timeoutMs: number }): Promise<object>;
  close(limit?: { readonly timeoutMs: number }): Promise<object>;
  stats(): {
    readonly accepted: number;
    readonly delivered: number;
    readonly failed: number;
    readonly dropped: number;
    readonly buffered: number;
    readonly bufferedBytes: number;
    readonly inFlight: number;
    readonly failing: boolean;
    readonly removedMembers: number;
    readonly droppedBy: Readonly<Record<string, number>>;
  };
}

/** An instance of the vendor's library that the user created, and a logger over it. */
export interface Borrowed {
  readonly logger: LoggerUnderTest;
  /** Tracks an event for the user, named `own event`. */
  trackOwn(): void;
  /** Sends the events that the instance holds. */
  flushOwn(): Promise<void>;
  /** Makes the instance's `track` throw from now on. */
  breakTrack(): void;
  /** How often the instance's `flush` was called. */
  readonly flushCalls: number;
  /** Returns the user's settings of the instance (handlers, ids), to compare before and after. */
  settings(): unknown;
}

/** The members of a client that the contract uses. */
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

/** How to create a vendor's logger, and how to read its requests. */
export interface LoggerHarness {
  readonly vendor: string;
  /** Creates a logger with its own instance. The options are those that all loggers have. */
  create(url: string, options?: object): LoggerUnderTest;
  /** Creates an instance like a user, and a logger over it. */
  borrow(url: string, options?: object): Borrowed;
  /** Whether the user's instance reports the outcome of each event. If not, an event is delivered when the instance has tried. */
  readonly borrowedReports: boolean;
  /** Returns the events in a request, including the user's. */
  eventsOf(request: CollectedRequest): readonly SentEvent[];
  /** Creates a real client with these flags and this logger. */
  createClient(logger: LoggerUnderTest, flagsConfiguration: Uint8Array): ClientUnderTest;
  /** Bare imports of scripts are resolved from this folder. */
  readonly cwd: string;
  /**
   * Statements that declare `create(options)`, which creates a logger for the collector at
   * `process.env.URL`. They may use `load(name)`, which imports or requires a package.
   */
  readonly script: string;
  /** Like `script`, with an instance that records ids in `sent` instead of the library. */
  readonly fakeScript: string;
  /** An ES module that uses the logger with and without an instance of the real library. */
  readonly usage: string;
  /** A status after which the library or the logger retries. */
  readonly retriesStatus: number;
  /** Number of events that can be logged in one turn without a loss. */
  readonly burst: number;
}

/** Returns all events of successful requests, in order. */
export function acceptedBy(collector: Collector, harness: LoggerHarness): readonly SentEvent[] {
  return collector.requests
    .filter(({ status }) => status === 200)
    .flatMap((request) => harness.eventsOf(request));
}

/** Whether a logger runs the costly tests of code that all loggers share. A part has them for one logger. */
export function isTriedWhole({ vendor }: LoggerHarness): boolean {
  return isWhole || vendor === "Segment";
}
