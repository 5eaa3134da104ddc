import type { SortitionError } from "../errors/errors.js";
import type { Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect, DialectAddresses } from "../model/dialect.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Digest } from "../runtime/digest.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { Random } from "../runtime/random.js";
import type { Failure, StreamStatus } from "./origin.js";

/** How old the source's knowledge is. */
export interface SourceAge {
  /**
   * How long ago the origin confirmed these bytes, ms; 0 (just now) unless given. `status.ageMs`,
   * `stale` and `fresh` follow it.
   */
  readonly ageMs?: number | undefined;
}

/** Payloads that were loaded but not yet swapped in. */
export type PreparedUpdate =
  | {
      readonly outcome: "changed";
      /**
       * Swaps them in. Does nothing once the client is closed. A dialect that throws here is reported
       * as a failure of the client, which keeps its configuration.
       */
      apply(age?: SourceAge): void;
    }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "rejected"; readonly error: SortitionError };

/** Outcome of offering payloads to a client. */
export type OfferResult =
  | { readonly outcome: "applied" | "unchanged" }
  | { readonly outcome: "rejected"; readonly error: SortitionError };

/** The client's side of a subscription. No method throws or rejects. */
export interface SourceSink {
  /**
   * Loads without swapping and without confirming anything: after `unchanged` the source calls
   * {@link confirmed}, after `changed` it calls `apply`.
   */
  prepare(payloads: PayloadSet): Promise<PreparedUpdate>;
  /**
   * Loads and swaps. `unchanged`: same bytes, nothing was loaded, the client's configuration is
   * confirmed. `rejected`: unusable as a whole, or the dialect threw.
   *
   * Payloads from `disk` are a copy of an earlier process: their configuration is served as
   * unconfirmed, and only if it is better than the current one (else `unchanged`).
   */
  offer(payloads: PayloadSet, age?: SourceAge): Promise<OfferResult>;
  /**
   * Swaps in, in the same turn, what the source has compiled with the client's dialect. What the dialect throws is
   * reported as a failure of the client, which keeps its configuration. Absent: this client only takes payloads.
   */
  install?(configuration: Configuration): void;
  /**
   * The origin has exactly what the client has. Ignored if the client has a younger confirmation.
   */
  confirmed(age?: SourceAge): void;
  /** An attempt failed; the next one starts in `inMs`, or only on request (`null`). */
  failed(failure: Failure, next: { readonly inMs: number | null }): void;
  /** The last attempt succeeded; the next one starts in `inMs`. */
  scheduled(next: { readonly inMs: number }): void;
  /** No attempt starts by itself from now on: the source fetches only on `refresh`. */
  idle(): void;
  /**
   * The application stopped the attempts, or let them go on. A configuration that gets old meanwhile is not reported, and
   * no timer holds the client.
   */
  paused?(isPaused: boolean): void;
}

/** Ports of the client that its source uses. */
export interface SourceContext {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: Random;
  readonly digest: Digest;
  readonly diagnostics: Diagnostics;
  /** Payloads of the client's configuration, with their etags; `null`: none, or set by the caller. */
  current(): PayloadSet | null;
}

/** Outcome of a refresh that was requested. */
export type RefreshOutcome =
  | { readonly outcome: "updated" | "unchanged" }
  | { readonly outcome: "failed"; readonly error: SortitionError };

/** Subscription of one client to a source. */
export interface Subscription {
  /** Ends it. Synchronous work is done in the same turn. Safe to call twice. */
  end(options: { readonly signal: AbortSignalLike }): Promise<void>;
}

/**
 * State of the copy of the last configuration on disk: `off` without one, `failing` if the last write
 * failed.
 */
export type DiskState = "off" | "ok" | "failing";

/** Pushes configurations into clients. One object may be shared by several clients. */
export interface ConfigurationSource {
  /** `polling`, `streaming`, `file`, `static` or `redis`. */
  readonly kind: string;
  /** Ms between two attempts; `null`: only on `refresh`. */
  readonly intervalMs: number | null;
  /** Deadline of one attempt, ms. Default: 5 000. */
  readonly requestTimeoutMs?: number | undefined;
  /** That of its origin. */
  readonly lateHint?: string | undefined;
  /**
   * The dialect of its origin, which clients have that are given none, or its addresses alone; `null` if it works with
   * the dialect of any client.
   */
  readonly dialect: DialectAddresses | null;
  /** State of the copy on disk, if it keeps one. */
  readonly disk?: DiskState;
  /** State of the stream of its origin, if it follows one. */
  readonly stream?: StreamStatus | undefined;
  /** Scope of its origin, which names caches; absent without an origin. */
  readonly scope?: string;
  /** The first subscription starts the source, the end of the last one stops it. */
  subscribe(sink: SourceSink, context: SourceContext): Subscription;
  /** Starts an attempt now, or joins one that has no answer yet. Never rejects. */
  refresh(options: { readonly signal: AbortSignalLike }): Promise<RefreshOutcome>;
}
